import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { readDirectory } from "./directory.ts";
import type { PoolId, Range } from "./model.ts";
import type { Batch } from "./open-for-sale.ts";
import { nameOfPool } from "./pools.ts";
import { readCatalogue, readRanges, stockItems } from "./ranges.ts";
import { type SlotSeen, slotStates } from "./slots.ts";
import { BATCHES } from "./table.ts";

type Deps = Db<"inventory">;

/**
 * Codes by what has become of them. `frozen`: they would be available, but their batch or their pool is frozen. Within available are
 * counted those that have expired, and those that can't be bought just now: `returning` were drawn and not sold, or were given back
 * and are not on sale again yet.
 */
export type Counts = {
  available: number;
  frozen: number;
  held: number;
  sold: number;
  void: number;
  expired: number;
  returning: number;
};

/** The codes of one batch in one pool; `total` is the pool that everybody buys from. */
export type CountRow = Counts & { pool: string; batchId: string };

/** imported = available + frozen + held + sold + void, at any quiet moment. */
export type StockCount = Counts & { imported: number; rows: CountRow[] };

/** `next` goes on where this page ended: a range's name and a number in it. */
export type CountPage = { rows: CountRow[]; next?: string };

const nothing = (): Counts => ({ available: 0, frozen: 0, held: 0, sold: 0, void: 0, expired: 0, returning: 0 });

/** Counts every code by looking at every slot ever filled: the truth, not a counter. One read unit per 4 KB of slots. */
export async function countStock(deps: Deps, productId: string, now: Date): Promise<StockCount> {
  const pages: CountPage[] = [];
  for (let at: string | undefined, first = true; first || at !== undefined; first = false) {
    const page = await countPage(deps, productId, now, at);
    pages.push(page);
    at = page.next;
  }
  const rows = gather(pages.flatMap((page) => page.rows));
  return { imported: await importedInto(deps, productId), ...sumOf(rows), rows };
}

/** How many codes were ever put into stock. */
export async function importedInto(deps: Deps, productId: string): Promise<number> {
  const batches = (await stockItems(deps, productId, BATCHES)) as unknown as Batch[];
  return batches.reduce((sum, { imported }) => sum + imported, 0);
}

export function sumOf(rows: readonly Counts[]): Counts {
  const sum = nothing();
  for (const row of rows) add(sum, row);
  return sum;
}

/** Rows of one pool and batch become one. */
export function gather(rows: readonly CountRow[]): CountRow[] {
  return [...Map.groupBy(rows, ({ pool, batchId }) => `${pool} ${batchId}`).values()]
    .flatMap((alike) => {
      const [first] = alike;
      return first === undefined ? [] : [{ pool: first.pool, batchId: first.batchId, ...sumOf(alike) }];
    })
    .filter(({ available, frozen, held, sold, void: voided }) => available + frozen + held + sold + voided > 0);
}

function add(sum: Counts, row: Counts): void {
  for (const state of ["available", "frozen", "held", "sold", "void", "expired", "returning"] as const)
    sum[state] += row[state];
}

const RANGES_PER_READ = 50;

/** Counts as many slots as one request has time for, in the order of the product's ranges. */
export async function countPage(deps: Deps, productId: string, now: Date, after?: string): Promise<CountPage> {
  const rows: CountRow[] = [];
  const isFrozen = frozenPools(deps, productId);
  let [afterRange, from] = placeIn(after);
  let budget: number = LIMITS.slotsPerCount;
  for (;;) {
    const page = await readCatalogue(deps, productId, RANGES_PER_READ, afterRange);
    for (const range of await readRanges(deps, namesOf(page.entries))) {
      const begin = Math.max(from, range.first);
      const end = Math.min(endOf(range), begin + budget);
      const frozen = await isFrozen(range.pool);
      rows.push(await countRun(deps, { ...range, frozen }, begin, end, now));
      budget -= Math.max(0, end - begin);
      if (end < endOf(range)) return { rows: gather(rows), next: `${afterRange ?? ""}:${end}` };
      afterRange = range.id;
      from = 0;
    }
    if (page.next === undefined) return { rows: gather(rows) };
    afterRange = page.next;
  }
}

const namesOf = (entries: readonly { id: string }[]): string[] => entries.map(({ id }) => id);

/** A cursor names the last range that is done, and how far the one after it is. */
function placeIn(cursor: string | undefined): [range: string | undefined, number: number] {
  const [range = "", number = "0"] = (cursor ?? "").split(":");
  return [range === "" ? undefined : range, Number(number)];
}

/** One past the last number of a range that anything can lie under. */
export const endOf = (range: Range): number => range.next ?? range.tail;

/** Whether a pool is frozen, with one read for each pool. */
function frozenPools(deps: Deps, productId: string): (pool: PoolId) => Promise<boolean> {
  const known = new Map<PoolId, Promise<boolean>>();
  return (pool) => {
    const frozen = known.get(pool) ?? readDirectory(deps, productId, pool).then((found) => found.frozen === true);
    known.set(pool, frozen);
    return frozen;
  };
}

/** A range, and whether its pool is frozen. */
type InPool = Range & { frozen: boolean };

async function countRun(deps: Deps, range: InPool, begin: number, end: number, now: Date): Promise<CountRow> {
  const counts = nothing();
  const hasExpired = range.expiresAt <= now.toISOString();
  for await (const slot of slotStates(deps, range.slab, begin, end)) {
    const as = countsAs(range, slot);
    if (as === undefined) continue;
    counts[as] += 1;
    if (as !== "available") continue;
    if (hasExpired) counts.expired += 1;
    if (slot.number < range.head || slot.number >= range.tail) counts.returning += 1;
  }
  return { pool: nameOfPool(range.pool), batchId: range.batchId, ...counts };
}

/** What is still available in a range that is not for sale is what the range is: void, or kept for one large order. */
function countsAs(range: InPool, { state }: SlotSeen): Exclude<keyof Counts, "expired" | "returning"> | undefined {
  if (state === "moved") return undefined;
  if (state !== "available") return state;
  if (range.state === "void") return "void";
  if (range.state === "order") return "held";
  return range.state === "frozen" || range.frozen ? "frozen" : "available";
}
