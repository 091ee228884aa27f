import type { Db } from "../aws/dynamo.ts";
import { Fault } from "../kernel/fault.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import {
  cachedDirectory,
  emptyDirectory,
  findDirectory,
  readDirectories,
  readDirectory,
  setDirectory,
} from "./directory.ts";
import { type Directory, type Level, type PoolId, type PoolOwner, poolIdOf, TOTAL, type WhenEmpty } from "./model.ts";
import { leftByState, readRanges } from "./ranges.ts";

type Deps = Db<"inventory">;

/** Who buys: the channel, and the campaign that the order names. */
export type Buyer = { channelId: string; campaign?: string | undefined };

/**
 * Gives the pools that a buyer may draw from, in order: the campaign's or the channel's own, then the total, unless the
 * pool stops when it is empty. For a product without pools this reads only the total's directory, which a sale needs
 * anyway.
 */
export async function poolsFor(deps: Deps, productId: string, { channelId, campaign }: Buyer): Promise<PoolId[]> {
  const { directory: total } = await cachedDirectory(deps, productId, TOTAL);
  if (total.hasPools !== true) return [TOTAL];
  const owner: PoolOwner =
    campaign === undefined ? { kind: "channel", subject: channelId } : { kind: "campaign", subject: campaign };
  const { directory } = await cachedDirectory(deps, productId, poolIdOf(productId, owner));
  if (directory.owner === undefined) return [TOTAL];
  return directory.whenEmpty === "borrow" ? [directory.pool, TOTAL] : [directory.pool];
}

/** Tells whether the product has a pool for this campaign. */
export async function hasCampaign(deps: Deps, productId: string, campaign: string): Promise<boolean> {
  const pool = poolIdOf(productId, { kind: "campaign", subject: campaign });
  return (await cachedDirectory(deps, productId, pool)).directory.owner !== undefined;
}

/** Makes a pool, or changes what happens when it is empty. It is empty until something is moved into it. */
export async function setPool(
  deps: Deps,
  productId: string,
  owner: PoolOwner,
  whenEmpty: WhenEmpty,
): Promise<Directory> {
  const pool = poolIdOf(productId, owner);
  // The pool first: as soon as the total says that there are pools, every sale looks for its own.
  await setDirectory(deps, productId, pool, { owner, whenEmpty });
  await setDirectory(deps, productId, TOTAL, { hasPools: true });
  const made = await findDirectory(deps, productId, pool);
  if (made === undefined) throw new Fault("vanished", `pool ${pool} vanished`);
  return made;
}

/** Finds a pool by its name; `total` is the one that everybody buys from. */
export async function findPool(deps: Deps, productId: string, name: string): Promise<Result<Directory>> {
  // Every product has a total pool, also before it has stock.
  if (name === "total") return ok(await readDirectory(deps, productId, TOTAL));
  const found = await findDirectory(deps, productId, name);
  return found === undefined ? refuse("not_found", "There is no such pool.") : ok(found);
}

export const nameOfPool = (pool: PoolId): string => (pool === TOTAL ? "total" : pool);

/** Reads a page of a product's pools, the total first. */
export async function listPools(
  deps: Deps,
  productId: string,
  limit: number,
  after?: PoolId,
): Promise<{ pools: Directory[]; next: PoolId | null }> {
  const { directories, next } = await readDirectories(deps, productId, limit, after);
  const isWithout = after === undefined && directories[0]?.pool !== TOTAL;
  return { pools: [...(isWithout ? [emptyDirectory(productId, TOTAL)] : []), ...directories], next };
}

/**
 * A pool as operators see it. What is left is counted by ranges, not by slots. `left` can be bought; in a frozen pool
 * all of it is `leftFrozen`. `leftVoid`: what its ranges still list of void batches.
 */
export type PoolView = Pick<Directory, "owner" | "whenEmpty" | "lowBelow"> & {
  name: string;
  left: number;
  leftFrozen: number;
  leftVoid: number;
  frozen: boolean;
  lanes: number;
  level: Level["is"];
};

export async function showPool(deps: Deps, directory: Directory): Promise<PoolView> {
  const { pool, owner, whenEmpty, lowBelow, frozen = false, lanes = 1, level, ranges } = directory;
  const counters = await readRanges(
    deps,
    ranges.map(({ id }) => id),
  );
  const { open, ...kept } = leftByState(counters);
  const [left, leftFrozen] = frozen ? [0, open + kept.frozen] : [open, kept.frozen];
  return {
    name: nameOfPool(pool),
    left,
    leftFrozen,
    leftVoid: kept.void,
    frozen,
    lanes,
    level: level?.is ?? "ok",
    ...(owner === undefined ? {} : { owner }),
    ...(whenEmpty === undefined ? {} : { whenEmpty }),
    ...(lowBelow === undefined ? {} : { lowBelow }),
  };
}
