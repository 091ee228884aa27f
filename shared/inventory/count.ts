import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { readRange } from "./give-back.ts";
import { returnsOf } from "./model.ts";
import { slotStates } from "./slots.ts";
import { batchKey } from "./table.ts";

type Deps = Db<"inventory">;

/** imported = available + held + sold + void, at any quiet moment. Expired codes are counted within available. */
export type StockCount = {
  imported: number;
  available: number;
  held: number;
  sold: number;
  void: number;
  expired: number;
};

export type Batch = {
  batchId: string;
  productId: string;
  imported: number;
  slabs: { slab: string; count: number }[];
  at: string;
};

/** Counts every code by looking at every slot ever filled: the truth, not a counter. One read unit per 4 KB of slots. */
export async function countStock(deps: Deps, productId: string, now: Date): Promise<StockCount> {
  const count: StockCount = { imported: 0, available: 0, held: 0, sold: 0, void: 0, expired: 0 };
  for await (const batch of batches(deps, productId)) {
    count.imported += batch.imported;
    for (const { slab, count: slots } of batch.slabs) {
      const origin = await readRange(deps, slab);
      const hasExpired = origin !== undefined && origin.expiresAt <= now.toISOString();
      const returns = await readRange(deps, returnsOf(slab));
      await addSlab(deps, slab, slots, hasExpired, count);
      if (returns !== undefined) await addSlab(deps, returns.slab, returns.next ?? 0, hasExpired, count);
    }
  }
  return count;
}

async function addSlab(deps: Deps, slab: string, to: number, hasExpired: boolean, count: StockCount): Promise<void> {
  for await (const { state } of slotStates(deps, slab, 0, to)) {
    if (state === "moved") continue;
    count[state] += 1;
    if (state === "available" && hasExpired) count.expired += 1;
  }
}

async function* batches(deps: Deps, productId: string): AsyncGenerator<Batch> {
  const { pk } = batchKey(productId, "");
  let start: Record<string, unknown> | undefined;
  do {
    const page = await deps.db.send(
      new QueryCommand({
        TableName: deps.tables.inventory,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :batch)",
        ExpressionAttributeValues: { ":pk": pk, ":batch": "batch#" },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) yield item as unknown as Batch;
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
