import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Item, Key } from "./dynamo.ts";
import { untilAllDone } from "./until-all-done.ts";

const KEYS_PER_READ = 100;

/**
 * Reads the items under these keys. They come in no order; keys without an item are left out. What the table leaves
 * unread is asked for again, after a pause.
 */
export async function batchGet(
  db: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
  ConsistentRead = false,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let at = 0; at < keys.length; at += KEYS_PER_READ) {
    const some: Record<string, unknown>[] = keys.slice(at, at + KEYS_PER_READ);
    await untilAllDone(some, table, async (Keys) => {
      const answer = await db.send(new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead } } }));
      items.push(...(answer.Responses?.[table] ?? []));
      return answer.UnprocessedKeys?.[table]?.Keys ?? [];
    });
  }
  return items;
}
