import type { Clock } from "../kernel/clock.ts";
import { ok, type Refusal, type Result, refuse } from "../kernel/problem.ts";
import {
  asksForBuyer,
  beyondOneOrder,
  type Counter,
  countersOf,
  type Holder,
  holdingsOf,
  lowered,
  type Raised,
  type Wanted,
} from "../limits/model.ts";
import type { Draft } from "./draft.ts";
import type { Order } from "./model.ts";
import type { NewOrder } from "./request.ts";
import { wentBack } from "./shares.ts";

/**
 * Gives the limit counters that this order would raise; none for products without limits, which then cost nothing more.
 */
export function limitsOf(
  { clock }: { clock: Clock },
  { channelId, buyer, products }: Pick<Draft, "channelId" | "buyer" | "products">,
  lines: NewOrder["lines"],
): Result<Counter[]> {
  const wanted = products.flatMap(({ id: productId, limits }): Wanted[] => {
    const quantity = lines.reduce((sum, line) => sum + (line.productId === productId ? line.quantity : 0), 0);
    return limits === undefined ? [] : [{ productId, quantity, limits }];
  });
  const tooMany = beyondOneOrder(wanted);
  if (tooMany !== undefined)
    return refuse("limit_reached", `${tooMany.productId}: at most ${tooMany.limits.perOrder} in one order.`);
  if (buyer === undefined && wanted.some(asksForBuyer))
    return refuse("invalid_request", "A product may be bought so often by each buyer: say who buys.", [
      { pointer: "/buyer", message: "is required for this product" },
    ]);
  return ok(countersOf(wanted, { channelId, buyer }, clock()));
}

const keptOf = ({ key, quantity, endsAt }: Counter): Raised => ({
  key,
  quantity,
  ...(endsAt === undefined ? {} : { endsAt }),
});

export function limitReached({ key, says, endsAt }: Counter): Refusal {
  const until = endsAt === undefined ? "" : `, until ${endsAt}`;
  const [kind, what] = key.split("#");
  return refuse("limit_reached", `${kind === "limit" ? `${what}: ` : ""}${says}${until}.`);
}

/**
 * Writes into a draft which counters it raises. Returns all of them: those of its products, and those of unpaid orders.
 */
export function withCounters(order: Order, counters: readonly Counter[], holder: Holder): Counter[] {
  const holdings = order.state === "awaiting_payment" ? holdingsOf(holder) : [];
  if (counters.length > 0) order.limited = counters.map(keptOf);
  if (holdings.length > 0) order.holding = holdings.map(keptOf);
  return [...counters, ...holdings];
}

/**
 * Takes the counters that a move lowers off the order, and returns them. Both change in one write, so each piece is
 * given back once. A limit goes down by the pieces whose lines go back with this move. The count of unpaid orders goes
 * down when the order no longer waits for payment.
 */
export function withCountersLowered(from: Order, to: Order): { order: Order; lowered: Raised[] } {
  const { limited = [], holding = [], ...rest } = to;
  const waits = from.state !== "awaiting_payment" || to.state === "awaiting_payment";
  const { down, stays } = isAllBack(to) ? { down: limited, stays: [] } : lowered(limited, piecesBack(from, to));
  const gone = [...down, ...(waits ? [] : holding)];
  if (gone.length === 0) return { order: to, lowered: [] };
  const order: Order = {
    ...rest,
    ...(stays.length > 0 ? { limited: stays } : {}),
    ...(waits && holding.length > 0 ? { holding } : {}),
  };
  return { order, lowered: gone };
}

/** Tells whether nothing of the order was bought in the end. */
const isAllBack = ({ state }: Order): boolean => ["expired", "refused", "cancelled", "refunded"].includes(state);

/**
 * Counts the pieces that go back with a move, by the product that was ordered. What an operator gave instead was never
 * counted.
 */
function piecesBack(from: Order, to: Order): Map<string, number> {
  const before = new Map(from.lines.map((line) => [line.id, wentBack(line).pieces]));
  const pieces = new Map<string, number>();
  for (const line of to.lines) {
    const more = wentBack(line).pieces - (before.get(line.id) ?? 0);
    const ordered = line.replaced?.[0]?.productId ?? line.productId;
    if (more > 0) pieces.set(ordered, (pieces.get(ordered) ?? 0) + more);
  }
  return pieces;
}
