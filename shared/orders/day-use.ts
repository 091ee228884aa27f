import type { Db } from "../aws/dynamo.ts";
import { ok, type Result } from "../kernel/problem.ts";
import { dayAt } from "../ledger/day.ts";
import { giveBackOfDay, takeOfDay } from "../usage/day.ts";
import type { Taken, User } from "../usage/model.ts";
import type { OrderDeps } from "./deps.ts";
import type { Order } from "./model.ts";
import type { Priced } from "./price.ts";
import type { NewOrder } from "./request.ts";

type Deps = Db<"operations"> & Pick<OrderDeps, "clock" | "zone">;

/**
 * Places an order within what its channel and key may order in a day. What is refused in the end is given back; what goes back of an
 * order later is not, for the limits are about what somebody with the key can do in a day.
 */
export async function withinDay(
  deps: Deps,
  user: User | undefined,
  { lines }: NewOrder,
  { total }: Priced,
  place: () => Promise<Result<Order>>,
): Promise<Result<Order>> {
  if (user === undefined) return place();
  const products = new Map<string, number>();
  for (const { productId, quantity } of lines) products.set(productId, (products.get(productId) ?? 0) + quantity);
  const codes = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const taken: Taken = { orders: 1, codes, amount: total, products };
  const now = deps.clock();
  const day = dayAt(deps.zone, now);
  const took = await takeOfDay(deps, user, day, taken, now);
  if (!took.ok) return took;
  const placed = await place();
  if (!placed.ok) await giveBackOfDay(deps, user, day, taken);
  return placed;
}

/** Counts codes that a key is about to be shown again, or refuses if that is too many for the day. */
export function lookWithinDay(deps: Deps, user: User, reveals: number): Promise<Result<undefined>> {
  const now = deps.clock();
  return reveals === 0
    ? Promise.resolve(ok(undefined))
    : takeOfDay(deps, user, dayAt(deps.zone, now), { reveals }, now);
}
