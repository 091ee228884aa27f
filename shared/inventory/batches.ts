import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Batch, Range } from "./model.ts";
import { allRanges, leftByState } from "./ranges.ts";
import { batches } from "./stored.ts";
import { BATCHES, batchKey } from "./table.ts";

/**
 * A batch as operators see it. `left…`: codes that nobody has drawn, by the state that they are in. `mixed`: parts of
 * it are in several states, for example because expired codes were voided.
 */
export type BatchView = Batch & {
  state: "open" | "frozen" | "void" | "mixed";
  left: number;
  leftFrozen: number;
  leftVoid: number;
};

/** Reads a page of a product's batches, by name. It reads all of the product's ranges, as freezing a batch does. */
export async function listBatches(
  deps: Db<"inventory">,
  productId: string,
  after: string | undefined,
): Promise<{ batches: BatchView[]; next: string | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.inventory,
      KeyConditionExpression: "pk = :stock AND begins_with(sk, :batch)",
      ExpressionAttributeValues: { ":stock": batchKey(productId, "").pk, ":batch": BATCHES },
      Limit: LIMITS.pageSize,
      ...(after === undefined ? {} : { ExclusiveStartKey: batchKey(productId, after) }),
    }),
  );
  const found = (page.Items ?? []).map(batches.read);
  const ranges = new Map<string, Range[]>(found.map(({ batchId }) => [batchId, []]));
  for await (const range of allRanges(deps, productId)) ranges.get(range.batchId)?.push(range);
  const shown = found.map((batch) => showBatch(batch, ranges.get(batch.batchId) ?? []));
  return { batches: shown, next: page.LastEvaluatedKey === undefined ? null : (found.at(-1)?.batchId ?? null) };
}

/** Reads one batch. Undefined: the product has none of this name. */
export async function findBatch(
  deps: Db<"inventory">,
  productId: string,
  batchId: string,
): Promise<BatchView | undefined> {
  const batch = await readBatch(deps, productId, batchId);
  if (batch === undefined) return undefined;
  const ranges: Range[] = [];
  for await (const range of allRanges(deps, productId)) if (range.batchId === batchId) ranges.push(range);
  return showBatch(batch, ranges);
}

/** Reads a batch's own item, strongly. Undefined: the product has none of this name, or its import is not over. */
export async function readBatch(deps: Db<"inventory">, productId: string, batchId: string): Promise<Batch | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: batchKey(productId, batchId), ConsistentRead: true }),
  );
  return batches.find(found.Item);
}

/** Runs of a large order belong to the order, whatever becomes of the batch. */
function showBatch(batch: Batch, ranges: readonly Range[]): BatchView {
  const { open: left, frozen: leftFrozen, void: leftVoid } = leftByState(ranges);
  const states = new Set(ranges.flatMap(({ state }) => (state === "order" ? [] : [state])));
  const [one, other] = states;
  return { ...batch, state: other === undefined ? (one ?? "open") : "mixed", left, leftFrozen, leftVoid };
}
