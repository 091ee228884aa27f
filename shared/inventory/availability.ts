import type { Db } from "../aws/dynamo.ts";
import { type Availability, availabilityOf, LOW_BELOW } from "../catalog/model.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { cachedDirectory, readDirectory, rememberedDirectory } from "./directory.ts";
import { type Directory, TOTAL } from "./model.ts";
import { type Buyer, poolsFor } from "./pools.ts";
import { isMarkedSoldOut, rangesWithStock } from "./tickets.ts";

type Deps = Db<"inventory">;

/** What a shop window may say of a product: a few seconds old, and never how many exactly. */
export async function availability(deps: Deps, productId: string, buyer: Buyer, now: Date): Promise<Availability> {
  return availabilityOf(await stockLeft(deps, productId, buyer, now, LOW_BELOW));
}

/** How many codes this buyer can have, as of a few seconds ago; nobody counts much further than `enough`. */
export async function stockLeft(
  deps: Deps,
  productId: string,
  buyer: Buyer,
  now: Date,
  enough: number,
): Promise<number> {
  let left = 0;
  for (const pool of await poolsFor(deps, productId, buyer)) {
    const { directory } = await cachedDirectory(deps, productId, pool);
    if (left < enough && directory.frozen !== true && !isMarkedSoldOut(directory, now))
      left += await leftIn(deps, directory, now, enough - left);
  }
  return left;
}

/** Does this process know that the product is sold out for everybody? Costs nothing; of a product with pools it does not say. */
export function isKnownSoldOut(deps: Deps, productId: string, now: Date): boolean {
  const total = rememberedDirectory(deps, productId, TOTAL);
  return total !== undefined && total.hasPools !== true && isMarkedSoldOut(total, now);
}

/**
 * How many good codes lie in the pool that everybody buys from, whether it sells just now or not: who buys ahead must not do so
 * because somebody froze it.
 */
export async function stockLeftInTotal(deps: Deps, productId: string, now: Date, enough: number): Promise<number> {
  return leftIn(deps, await readDirectory(deps, productId), now, enough);
}

async function leftIn(deps: Deps, { ranges }: Directory, now: Date, enough: number): Promise<number> {
  const soon = after(now, LIMITS.minimumValiditySeconds);
  const good = ranges.filter(({ expiresAt }) => expiresAt > soon);
  let left = 0;
  for await (const stocked of rangesWithStock(deps, good)) {
    left += stocked.reduce((sum, range) => sum + range.left, 0);
    if (left >= enough) break;
  }
  return left;
}
