import { type Db, putNew } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { addRanges, readDirectory } from "./directory.ts";
import { type Batch, type Range, rangeIdFor, TOTAL } from "./model.ts";
import { freshRange } from "./ranges.ts";
import { batches } from "./stored.ts";
import { batchKey } from "./table.ts";

type Deps = Db<"inventory"> & { clock: Clock };

/** A filled slab: `count` codes, numbered from 0, all with this expiry. */
export type FilledSlab = { slab: string; count: number; expiresAt: string };

/**
 * Puts a whole batch on sale in the total pool, in as many lanes as the pool wants. Ranges and directory come first,
 * then the batch's own item: after a crash in between the codes are on sale, and the next run of the import doesn't
 * list them again.
 */
export async function openForSale(
  deps: Deps,
  { batchId, productId, slabs }: { batchId: string; productId: string; slabs: readonly FilledSlab[] },
): Promise<void> {
  const filled = slabs.filter(({ count }) => count > 0);
  if (filled.length === 0) return;
  const { lanes = 1 } = await readDirectory(deps, productId);
  const alike = Map.groupBy(filled, ({ expiresAt }) => expiresAt);
  const ranges = filled.map((slab) => {
    // The slabs of one expiry are lanes already.
    const share = Math.ceil(lanes / (alike.get(slab.expiresAt)?.length ?? 1));
    return lanesOf({ batchId, productId, ...slab }, share);
  });
  await addRanges(deps, ranges);
  const batch: Batch = {
    batchId,
    productId,
    imported: filled.reduce((total, { count }) => total + count, 0),
    slabs: filled.map(({ slab, count }) => ({ slab, count })),
    at: deps.clock().toISOString(),
  };
  await putNew(deps.db, deps.tables.inventory, batches.write(batchKey(productId, batchId), batch));
}

/** Cuts a slab into runs of about equal length. The first one has the slab's own name and stands for all of them. */
function lanesOf(slab: FilledSlab & { batchId: string; productId: string }, lanes: number): Range[] {
  const { count, ...of } = slab;
  const parts = Math.min(lanes, count);
  return Array.from({ length: parts }, (_, part) => {
    const first = Math.floor((part * count) / parts);
    const tail = Math.floor(((part + 1) * count) / parts);
    const id = first === 0 ? of.slab : rangeIdFor({ id: of.slab, slab: of.slab }, first);
    return freshRange({ ...of, id, pool: TOTAL }, first, tail);
  });
}
