import type { Db } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Availability, availabilityOf, LOW_BELOW } from "./available.ts";
import { cachedDirectory, readDirectory, rememberedDirectory } from "./directory.ts";
import { type Directory, TOTAL } from "./model.ts";
import { type Buyer, poolsFor } from "./pools.ts";
import { isMarkedSoldOut, rangesWithStock } from "./tickets.ts";

type Deps = Db<"inventory">;

/** Gives the availability that a storefront sees: a few seconds old, and never an exact number. */
export async function availability(deps: Deps, productId: string, buyer: Buyer, now: Date): Promise<Availability> {
  return availabilityOf(await stockLeft(deps, productId, buyer, now, LOW_BELOW));
}

/** Counts the codes that this buyer can have, as of a few seconds ago. It doesn't count much further than `enough`. */
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

/**
 * Tells whether this process knows that the product is sold out for everybody. Reads nothing. For a product with pools
 * it never says yes.
 */
export function isKnownSoldOut(deps: Deps, productId: string, now: Date): boolean {
  const total = rememberedDirectory(deps, productId, TOTAL);
  return total !== undefined && total.hasPools !== true && isMarkedSoldOut(total, now);
}

/**
 * Counts the good codes of the total pool, also while it is frozen: stock must not be bought ahead because somebody
 * froze the pool.
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
