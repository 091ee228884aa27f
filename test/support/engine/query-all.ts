import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Item } from "../../../shared/aws/dynamo.ts";

/** Every item of a partition, or of a part of it, as it is stored. */
export async function queryAll(
  { db }: Pick<Db<"ledger">, "db">,
  table: string,
  { pk, first = " ", last = "~" }: { pk: string; first?: string; last?: string },
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await db.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues: { ":pk": pk, ":first": first, ":last": last },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}
