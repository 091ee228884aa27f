import type { KMSClient } from "@aws-sdk/client-kms";
import { recordReveal } from "../audit/records.ts";
import type { Db } from "../aws/dynamo.ts";
import { isStocked } from "../catalog/model.ts";
import { type Code, openCode } from "../inventory/code.ts";
import type { Slot, Ticket } from "../inventory/model.ts";
import { readSlots } from "../inventory/slots.ts";
import type { Clock } from "../kernel/clock.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type Order, ticketsOf } from "./model.ts";
import { isUnwinding } from "./states.ts";
import { moveOrder } from "./table.ts";

export type GoodsDeps = Db<"orders" | "inventory" | "audit"> & { kms: KMSClient; codesKey: string; clock: Clock };

/** Who looks: the key that asks, from where, in which request. */
export type Looker = { keyId: string; sourceIp: string; requestId: string };

/** The codes of an order by line, opened. */
export type Goods = Map<string, Code[]>;

/**
 * Hands out the codes of an order. That they are about to be seen is on record first: on the order, which from then on
 * can't be cancelled, and in the audit trail, once for every look. `sold` is what the finishing write of this very call
 * has returned; it recorded the look itself.
 */
export async function revealGoods(
  deps: GoodsDeps,
  order: Order,
  looker: Looker,
  sold?: ReadonlyMap<Ticket, Slot>,
): Promise<Result<Goods>> {
  const delivered = order.lines.filter((line) => isStocked(line.kind) && line.state === "fulfilled");
  if (delivered.length === 0) return ok(new Map());
  if (sold === undefined) {
    const onRecord = await markRevealed(deps, order, looker);
    if (!onRecord.ok) return onRecord;
    await recordReveal(deps, order, looker, deps.clock());
  }
  const tickets = ticketsOf(delivered);
  const slots = sold ?? new Map(zip(tickets, await readSlots(deps, tickets)));
  const goods: Goods = new Map();
  for (const line of delivered) {
    const codes = (line.tickets ?? []).map((ticket) => {
      const slot = slots.get(ticket);
      if (slot?.state !== "sold" || slot.orderId !== order.id)
        throw new Error(`order ${order.id} does not own ${ticket}`);
      return openCode(deps, slot);
    });
    goods.set(line.id, await Promise.all(codes));
  }
  return ok(goods);
}

/** The first look is a condition on the order, and so is every way back: they can't both win. */
async function markRevealed(deps: GoodsDeps, order: Order, looker: Looker): Promise<Result<Order>> {
  let current = order;
  while (current.revealed === undefined) {
    if (isUnwinding(current.state) || !current.lines.some((line) => isStocked(line.kind) && line.state === "fulfilled"))
      return refuse("not_found", "The order has nothing to show.");
    const { keyId: by, sourceIp: from, requestId } = looker;
    const revealed = { by, from, requestId, at: deps.clock().toISOString() };
    current = (await moveOrder(deps, current, { revealed })).order;
  }
  return ok(current);
}

function zip(tickets: readonly Ticket[], slots: readonly (Slot | undefined)[]): [Ticket, Slot][] {
  return tickets.flatMap((ticket, index) => {
    const slot = slots[index];
    return slot === undefined ? [] : [[ticket, slot]];
  });
}
