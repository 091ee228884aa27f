import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Item } from "./dynamo.ts";

/** Reads what a query finds, a page at a time, and no page before it is asked for. */
export async function* queryPages(db: DynamoDBDocumentClient, query: QueryCommandInput): AsyncGenerator<Item[]> {
  let start = query.ExclusiveStartKey;
  do {
    const page = await db.send(new QueryCommand({ ...query, ExclusiveStartKey: start }));
    yield page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/**
 * Reads everything that a query finds. For results that are known to be a few pages. It has a loop of its own, because the stack of calls
 * ends at a generator, and tests read there who has sent an expression.
 */
export async function queryAll(db: DynamoDBDocumentClient, query: QueryCommandInput): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await db.send(new QueryCommand({ ...query, ExclusiveStartKey: start }));
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}
