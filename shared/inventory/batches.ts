import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Batch } from "./open-for-sale.ts";
import { BATCHES, batchKey } from "./table.ts";

/** A page of what was imported into a product, by name. */
export async function listBatches(
  deps: Db<"inventory">,
  productId: string,
  after: string | undefined,
): Promise<{ batches: Batch[]; next: string | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.inventory,
      KeyConditionExpression: "pk = :stock AND begins_with(sk, :batch)",
      ExpressionAttributeValues: { ":stock": batchKey(productId, "").pk, ":batch": BATCHES },
      Limit: LIMITS.pageSize,
      ...(after === undefined ? {} : { ExclusiveStartKey: batchKey(productId, after) }),
    }),
  );
  const batches = (page.Items ?? []).map(({ pk: _pk, sk: _sk, ...batch }) => batch as Batch);
  return { batches, next: page.LastEvaluatedKey === undefined ? null : (batches.at(-1)?.batchId ?? null) };
}
