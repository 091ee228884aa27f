import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import { type Notification, notificationKey, notifications } from "./table.ts";

export async function readNotification(
  deps: Db<"operations">,
  provider: string,
  eventId: string,
): Promise<Notification | undefined> {
  const key = notificationKey(provider, eventId);
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: key, ConsistentRead: true }),
  );
  return notifications.find(found.Item);
}

/** Marks a notification as processed: it had its effect, or none was due. Its repeats are only acknowledged. */
export async function markNotificationProcessed(
  deps: Db<"operations">,
  { provider, eventId }: Notification,
  result: string,
  now: Date,
): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: notificationKey(provider, eventId),
    UpdateExpression: "SET processedAt = :now, #result = :result",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: { "#result": "result" },
    ExpressionAttributeValues: { ":now": now.toISOString(), ":result": result },
  });
}
