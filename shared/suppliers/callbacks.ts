import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import { type Callback, callbackKey, callbacks } from "./table.ts";

export async function readCallback(
  deps: Db<"operations">,
  supplierId: string,
  eventId: string,
): Promise<Callback | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: callbackKey(supplierId, eventId), ConsistentRead: true }),
  );
  return callbacks.find(found.Item);
}

/** Marks a callback as processed: it had its effect, or none was due. Its repeats are only acknowledged. */
export async function markProcessed(
  deps: Db<"operations">,
  callback: Callback,
  result: string,
  now: Date,
): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: callbackKey(callback.supplierId, callback.eventId),
    UpdateExpression: "SET processedAt = :now, #result = :result",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: { "#result": "result" },
    ExpressionAttributeValues: { ":now": now.toISOString(), ":result": result },
  });
}
