import { type Db, transact } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { cutWrites, planLanes } from "./cut.ts";
import { entryOf, hasRoomFor, listFull, listWrite, readDirectory, setDirectory } from "./directory.ts";
import type { PoolId, Range } from "./model.ts";
import { readRanges } from "./ranges.ts";

type Deps = Db<"inventory">;

/** A try fails when a sale or a sweep moves a mark in between. */
const TRIES = 10;

/**
 * Cuts a pool's stock into `lanes` lanes, and whatever is imported from now on. For a sale with more buyers than one
 * counter takes, which is a thousand a second. Codes of one expiry share lanes. Returns how many ranges were made.
 */
export async function setLanes(deps: Deps, productId: string, pool: PoolId, lanes: number): Promise<Result<number>> {
  await setDirectory(deps, productId, pool, { lanes });
  let count = 0;
  for (let lost = 0; lost < TRIES; ) {
    const directory = await readDirectory(deps, productId, pool);
    const ids = directory.ranges.map(({ id }) => id);
    const short = longestOfShort(await readRanges(deps, ids), lanes);
    if (short === undefined) return ok(count);
    const cut = planLanes(short.range, short.missing);
    const made = cut.made.map(entryOf);
    if (!hasRoomFor(directory, made)) return listFull();
    const list = listWrite(deps, directory, (ranges) => [...ranges, ...made]);
    const written = await transact(deps.db, [...cutWrites(deps, cut), ...list]);
    if (written.ok) count += made.length;
    else lost += 1;
  }
  return refuse("busy", "The stock is moving too fast; try again in a moment.");
}

/**
 * Finds an expiry with too few ranges, and its longest range, if that is long enough to be cut into those that are
 * missing.
 */
function longestOfShort(ranges: readonly Range[], lanes: number): { range: Range; missing: number } | undefined {
  const fresh = ranges.filter(({ state, next, left }) => state === "open" && next === undefined && left > 0);
  for (const alike of Map.groupBy(fresh, ({ expiresAt }) => expiresAt).values()) {
    const missing = lanes - alike.length;
    const range = alike.reduce((longest, one) => (one.left > longest.left ? one : longest));
    if (missing > 0 && range.left > missing) return { range, missing };
  }
  return undefined;
}
