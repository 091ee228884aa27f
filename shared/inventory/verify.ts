import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { endOf } from "./count.ts";
import { type BatchCodes, type Difference, gap, wrongRange, wrongSlot } from "./differences.ts";
import { allDirectories } from "./directory.ts";
import type { PoolId, Range } from "./model.ts";
import { nameOfPool } from "./pools.ts";
import { readCatalogue, readRanges } from "./ranges.ts";
import { slotStates } from "./slots.ts";
import { listedRanges } from "./stored.ts";
import { catalogueKey } from "./table.ts";

type Deps = Db<"inventory">;

/** A page of what was found. `codes` are sums for the whole product only over all pages: see `wrongTotals`. */
export type Verified = { slots: number; codes: BatchCodes[]; differences: Difference[]; next?: string };

/** Slots and ranges in one page, which takes about ten seconds. Most ranges may be empty. */
const SLOTS_PER_PAGE = 50_000;
const RANGES_PER_PAGE = 1_000;
const RANGES_PER_READ = 50;

/**
 * Counts from the slots what the counters say, a page of ranges at a time, and names every difference. At a quiet
 * moment there is none; while orders are sold, a difference that the next look does not see was a sale in flight.
 */
export async function verifyStock(deps: Deps, productId: string, now: Date, after?: string): Promise<Verified> {
  const directories = await allDirectories(deps, productId);
  const listings = directories.flatMap(({ pool, ranges }) => ranges.map(({ id }) => ({ id, pool })));
  const listed = new Set(listings.map(({ id }) => id));
  const differences = after === undefined ? await wrongListings(deps, productId, listings) : [];
  const codes = new Map<string, number>();
  let [slots, looked, at] = [0, 0, after];
  for (;;) {
    const page = await readCatalogue(deps, productId, RANGES_PER_READ, at);
    const ids = page.entries.map(({ id }) => id);
    const ranges = new Map((await readRanges(deps, ids)).map((range) => [range.id, range]));
    for (const id of ids) {
      const range = ranges.get(id);
      if (range === undefined) differences.push({ at: id, is: "lost", detail: "in the catalogue, and does not exist" });
      else {
        const found = await lookThrough(deps, range, listed.has(id), now);
        differences.push(...found.differences);
        codes.set(range.batchId, (codes.get(range.batchId) ?? 0) + found.codes);
        slots += endOf(range) - range.first;
      }
      looked += 1;
      at = id;
      const isLast = page.next === undefined && id === ids.at(-1);
      if (!isLast && (slots >= SLOTS_PER_PAGE || looked >= RANGES_PER_PAGE))
        return { slots, codes: asCodes(codes), differences, next: id };
    }
    if (page.next === undefined) return { slots, codes: asCodes(codes), differences };
    at = page.next;
  }
}

const asCodes = (codes: ReadonlyMap<string, number>): BatchCodes[] =>
  [...codes].map(([batchId, count]) => ({ batchId, codes: count }));

/**
 * Finds what is wrong with the directories: each must name ranges of its own pool, once, that are in the list of
 * ranges.
 */
async function wrongListings(
  deps: Deps,
  productId: string,
  listings: readonly { id: string; pool: PoolId }[],
): Promise<Difference[]> {
  const ids = [...new Set(listings.map(({ id }) => id))];
  const pools = new Map((await readRanges(deps, ids)).map(({ id, pool }) => [id, pool]));
  const catalogued = await batchGet(
    deps.db,
    deps.tables.inventory,
    ids.map((id) => catalogueKey(productId, id)),
    true,
  );
  const known = new Set(catalogued.map((item) => listedRanges.read(item).id));
  const seen = new Set<string>();
  return listings.flatMap(({ id, pool }): Difference[] => {
    const found: Difference[] = [];
    const own = pools.get(id);
    const listing = `listed in ${nameOfPool(pool)}`;
    if (own === undefined) found.push({ at: id, is: "dangling", detail: `${listing}, does not exist` });
    else if (own !== pool) found.push({ at: id, is: "dangling", detail: `${listing}, belongs to ${nameOfPool(own)}` });
    else if (seen.has(id)) found.push({ at: id, is: "dangling", detail: `${listing} twice` });
    else if (!known.has(id)) found.push({ at: id, is: "uncatalogued", detail: `${listing}, in no catalogue` });
    if (own === pool) seen.add(id);
    return found;
  });
}

async function lookThrough(
  deps: Deps,
  range: Range,
  isListed: boolean,
  now: Date,
): Promise<{ codes: number; differences: Difference[] }> {
  const differences = wrongRange(range, isListed);
  let expected = range.first;
  let codes = 0;
  for await (const slot of slotStates(deps, range.slab, range.first, endOf(range))) {
    differences.push(...gap(range, expected, slot.number), ...wrongSlot(range, slot, now));
    expected = slot.number + 1;
    if (slot.state !== "moved") codes += 1;
  }
  return { codes, differences: [...differences, ...gap(range, expected, endOf(range))] };
}
