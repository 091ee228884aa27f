import type { Order } from "../orders/model.ts";
import { keeps, type Part, type Place } from "./places.ts";
import type { Replayed } from "./replay.ts";
import { entryOf, type SalesEntry } from "./sales-log.ts";

/** An order that a person must look after. */
export type ToSettle = Pick<SalesEntry, "orderId" | "channelId" | "state" | "total">;

/**
 * What was done, in codes. `lostOrders`: they took codes, and the orders table does not know them, or only an earlier
 * state · `ordersWithoutGoods`: they were delivered, and their codes are not where the orders look for them.
 */
export type Report = {
  sold: number;
  withheld: number;
  moved: number;
  lost: number;
  lostOrders: ToSettle[];
  ordersWithoutGoods: ToSettle[];
};

export function report(
  parts: readonly Part[],
  places: readonly Place[],
  outcomes: readonly Replayed[],
  known: ReadonlyMap<string, Order>,
): Report {
  const done = { sold: 0, withheld: 0, moved: 0, lost: 0 };
  const without = new Map<string, ToSettle>();
  for (const [index, place] of places.entries()) {
    const outcome = outcomes[index] ?? "known";
    if (outcome === "known") continue;
    const order = known.get(place.orderId);
    if (outcome === "sold" || outcome === "withheld") done[outcome] += 1;
    else if (isMissed(place, order)) {
      done[outcome] += 1;
      if (order !== undefined) without.set(order.id, toSettle(entryOf(order)));
    }
  }
  return { ...done, lostOrders: lostAmong(parts, known), ordersWithoutGoods: [...without.values()] };
}

/**
 * Tells whether an order misses a place. An order that is not finished finds another code. Only an order's last entry
 * asks, because those before it say the same.
 */
function isMissed({ is, isLast, ticket }: Place, order: Order | undefined): boolean {
  if (is === "left" || !isLast) return false;
  return order === undefined || keeps(entryOf({ ...order, lines: order.lines.filter(isDelivered) }), ticket);
}

const isDelivered = ({ state }: Order["lines"][number]): boolean => state === "fulfilled";

function lostAmong(parts: readonly Part[], known: ReadonlyMap<string, Order>): ToSettle[] {
  const isLost = ({ entry, from }: Part): boolean =>
    from === 0 && (known.get(entry.orderId)?.version ?? 0) < entry.version;
  return parts.filter(isLost).map(({ entry }) => toSettle(entry));
}

const toSettle = ({ orderId, channelId, state, total }: SalesEntry): ToSettle => ({ orderId, channelId, state, total });
