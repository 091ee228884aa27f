import { setTimeout as wait } from "node:timers/promises";
import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Item, Key } from "./dynamo.ts";

/** The table answers only a part of each request; named as DynamoDB names it, so that the edge says "busy". */
class Throttled extends Error {
  override readonly name = "ThrottlingException";
}

const KEYS_PER_READ = 100;
/** Eight tries, 20 to 2,560 ms apart at most (full jitter): a hot second is over by then. */
const TRIES = 8;

/** The items that exist under these keys, in no order. What the table leaves unread is asked for again, after a pause. */
export async function batchGet(
  db: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
  ConsistentRead = false,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let at = 0; at < keys.length; at += KEYS_PER_READ) {
    let Keys: Record<string, unknown>[] = keys.slice(at, at + KEYS_PER_READ);
    for (let attempt = 1; Keys.length > 0; attempt++) {
      if (attempt > TRIES) throw new Throttled(table);
      if (attempt > 1) await wait(Math.random() * 20 * 2 ** (attempt - 2));
      const answer = await db.send(new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead } } }));
      items.push(...(answer.Responses?.[table] ?? []));
      Keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return items;
}
