import type { Db } from "../aws/dynamo.ts";
import { readBatch } from "./batches.ts";
import { type Cost, costOf, type Reserved } from "./model.ts";
import { readRange } from "./ranges.ts";

/** A run of a large order, and how many of its codes were sold to the order. */
export type SoldRun = { reserved: Reserved; pieces: number };

/** Adds up what the codes of runs have cost us, by currency. All codes of a run are of one batch, which says it. */
export async function costOfRuns(deps: Db<"inventory">, runs: readonly SoldRun[]): Promise<Cost[]> {
  const costs = runs.map(async ({ reserved, pieces }) => {
    const range = await readRange(deps, reserved.range);
    const { unitCost } = (range && (await readBatch(deps, range.productId, range.batchId))) ?? {};
    return unitCost === undefined ? {} : { cost: unitCost, pieces };
  });
  return costOf(await Promise.all(costs));
}
