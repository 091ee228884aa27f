import type { Db } from "../aws/dynamo.ts";
import { type Availability, availabilityOf } from "../catalog/model.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { cachedDirectory, rememberedDirectory } from "./directory.ts";
import { type PoolId, TOTAL } from "./model.ts";
import { type Buyer, poolsFor } from "./pools.ts";
import { isMarkedSoldOut, rangesWithStock } from "./tickets.ts";

/** What a shop window may say of a product: a few seconds old, and never how many exactly. */
export async function availability(
  deps: Db<"inventory">,
  productId: string,
  buyer: Buyer,
  now: Date,
): Promise<Availability> {
  return availabilityOf(await stockLeft(deps, productId, buyer, now));
}

/** How many codes this buyer can have, as of a few seconds ago. */
export async function stockLeft(deps: Db<"inventory">, productId: string, buyer: Buyer, now: Date): Promise<number> {
  const pools = await poolsFor(deps, productId, buyer);
  const left = await Promise.all(pools.map((pool) => leftIn(deps, productId, pool, now)));
  return left.reduce((sum, of) => sum + of, 0);
}

/** Does this process know that the product is sold out for everybody? Costs nothing; of a product with pools it does not say. */
export function isKnownSoldOut(deps: Db<"inventory">, productId: string, now: Date): boolean {
  const total = rememberedDirectory(deps, productId, TOTAL);
  return total !== undefined && total.hasPools !== true && isMarkedSoldOut(total, now);
}

/** How many codes of the pool that everybody buys from are on sale, as of a few seconds ago. */
export async function stockLeftInTotal(deps: Db<"inventory">, productId: string, now: Date): Promise<number> {
  return leftIn(deps, productId, TOTAL, now);
}

async function leftIn(deps: Db<"inventory">, productId: string, pool: PoolId, now: Date): Promise<number> {
  const { directory } = await cachedDirectory(deps, productId, pool);
  if (directory.frozen === true || isMarkedSoldOut(directory, now)) return 0;
  const soon = after(now, LIMITS.minimumValiditySeconds);
  const sellable = directory.ranges.filter((range) => range.expiresAt > soon);
  const ranges = await rangesWithStock(deps, sellable);
  return ranges.reduce((sum, { left }) => sum + left, 0);
}
