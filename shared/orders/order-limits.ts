import type { Clock } from "../kernel/clock.ts";
import { ok, type Refusal, type Result, refuse } from "../kernel/problem.ts";
import {
  asksForBuyer,
  type Buyer,
  beyondOneOrder,
  type Counter,
  countersOf,
  holdingsOf,
  type Raised,
  type Wanted,
} from "../limits/model.ts";
import type { Draft } from "./draft.ts";
import type { Order } from "./model.ts";
import type { NewOrder } from "./request.ts";

/** The counters that this order would raise; none for products without limits, which then cost nothing more. */
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

/** Writes into a draft which counters it raises, and gives all of them: those of its products, and those of unpaid orders. */
export function withCounters(order: Order, counters: readonly Counter[], buyer: Buyer | undefined): Counter[] {
  const { channelId } = order;
  const holdings = order.state === "awaiting_payment" ? holdingsOf({ channelId, buyer }) : [];
  if (counters.length > 0) order.limited = counters.map(keptOf);
  if (holdings.length > 0) order.holding = holdings.map(keptOf);
  return [...counters, ...holdings];
}
