import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { readDirectory } from "./directory.ts";
import type { PoolId, Range, SlotSeen } from "./model.ts";
import { nameOfPool } from "./pools.ts";
import { readCatalogue, readRanges, stockItems } from "./ranges.ts";
import { slotStates } from "./slots.ts";
import { batches } from "./stored.ts";
import { BATCHES } from "./table.ts";

type Deps = Db<"inventory">;

/**
 * Counts of codes by state. `frozen`: available, but their batch or pool is frozen. `expired` and `returning` are parts
 * of `available`: codes that have expired, and codes that can't be bought just now because they were drawn and not
 * sold, or given back and not on sale again yet.
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

/** Counts of one batch in one pool. `total` is the pool that everybody buys from. */
export type CountRow = Counts & { pool: string; batchId: string };

/** The counts of a product. At any quiet moment: imported = available + frozen + held + sold + void. */
export type StockCount = Counts & { imported: number; rows: CountRow[] };

/** A page of counts. `next` is where the next page begins: a range's name and a number in it. */
export type CountPage = { rows: CountRow[]; next?: string };

const nothing = (): Counts => ({ available: 0, frozen: 0, held: 0, sold: 0, void: 0, expired: 0, returning: 0 });

/**
 * Counts every code by reading every slot that was ever filled: the truth, not a counter. One read unit for each 4 KB
 * of slots.
 */
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

/** Counts the codes that were ever put into stock. */
export async function importedInto(deps: Deps, productId: string): Promise<number> {
  const found = (await stockItems(deps, productId, BATCHES)).map(batches.read);
  return found.reduce((sum, { imported }) => sum + imported, 0);
}

export function sumOf(rows: readonly Counts[]): Counts {
  const sum = nothing();
  for (const row of rows) add(sum, row);
  return sum;
}

/** Adds rows of the same pool and batch together. */
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

/** Counts as many slots as one request has time for, range by range. */
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

/** Reads a cursor: the last range that is done, and how far the next one is. */
function placeIn(cursor: string | undefined): [range: string | undefined, number: number] {
  const [range = "", number = "0"] = (cursor ?? "").split(":");
  return [range === "" ? undefined : range, Number(number)];
}

/** Gives the number behind the last one of a range under which anything can lie. */
export const endOf = (range: Range): number => range.next ?? range.tail;

/** Tells whether a pool is frozen. Reads each pool once. */
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

/** Says what a slot counts as. An available code of a void range is void; of a range of a large order it is held. */
function countsAs(range: InPool, { state }: SlotSeen): Exclude<keyof Counts, "expired" | "returning"> | undefined {
  if (state === "moved") return undefined;
  if (state !== "available") return state;
  if (range.state === "void") return "void";
  if (range.state === "order") return "held";
  return range.state === "frozen" || range.frozen ? "frozen" : "available";
}
