import { type Db, putNew, transact } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Money } from "../kernel/money.ts";
import { type BookDeps, bookingWrites } from "../ledger/books.ts";
import { type Booked } from "../ledger/entries.ts";
import { importEntry, restockEntry } from "../ledger/supply-entries.ts";
import { addRanges, readDirectory } from "./directory.ts";
import { type Batch, type Range, rangeIdFor, TOTAL } from "./model.ts";
import { freshRange } from "./ranges.ts";
import { batches } from "./stored.ts";
import { batchKey } from "./table.ts";

type Deps = Db<"inventory"> & BookDeps & { clock: Clock };

/**
 * What the codes of a batch have cost us: each of them, perhaps owed to a supplier; or a purchase of so many `pieces` in
 * all. Of a purchase each code costs the same, rounded down; what is left over is an expense.
 */
export type BatchCost = { unitCost: Money; supplierId?: string | undefined } | { purchase: PurchaseOfCodes };
export type PurchaseOfCodes = { reference: string; supplierId: string; pieces: number; charged: Money };

/** Gives what each code of a batch has cost us. */
export function unitCostOf(cost: BatchCost): Money {
  if ("unitCost" in cost) return cost.unitCost;
  const { charged, pieces } = cost.purchase;
  return { ...charged, amount: Math.floor(charged.amount / pieces) };
}

function supplierIn(cost: BatchCost): Pick<Batch, "supplierId"> {
  const { supplierId } = "unitCost" in cost ? cost : cost.purchase;
  return supplierId === undefined ? {} : { supplierId };
}

/** A filled slab: `count` codes, numbered from 0, all with this expiry. */
export type FilledSlab = { slab: string; count: number; expiresAt: string };

type FilledBatch = { batchId: string; productId: string; slabs: readonly FilledSlab[]; cost?: BatchCost | undefined };

/**
 * Puts a whole batch on sale in the total pool, in as many lanes as the pool wants. Ranges and directory come first,
 * then the batch's own item: after a crash in between the codes are on sale, and the next run of the import doesn't
 * list them again. What they have cost us is booked in the write that makes the batch's item, so once.
 */
export async function openForSale(deps: Deps, { batchId, productId, slabs, cost }: FilledBatch): Promise<void> {
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
    ...(cost === undefined ? {} : { unitCost: unitCostOf(cost), ...supplierIn(cost) }),
  };
  const item = batches.write(batchKey(productId, batchId), batch);
  if (cost === undefined) {
    await putNew(deps.db, deps.tables.inventory, item);
    return;
  }
  const put = { TableName: deps.tables.inventory, Item: item, ConditionExpression: "attribute_not_exists(pk)" };
  await transact(deps.db, [{ Put: put }, ...(await bookingWrites(deps, [costEntry(deps, batch, cost)]))]);
}

function costEntry({ zone }: Deps, { batchId, imported, at }: Batch, cost: BatchCost): Booked {
  const { amount, currency } = unitCostOf(cost);
  const stocked = amount * imported;
  if ("unitCost" in cost) return importEntry(batchId, { amount: stocked, currency }, { at, zone }, cost.supplierId);
  const { pieces, charged } = cost.purchase;
  const leftOver = charged.amount - amount * pieces;
  return restockEntry(cost.purchase, { currency, charged: charged.amount, stocked, leftOver }, { at, zone });
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
