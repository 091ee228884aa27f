import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "./batch-get.ts";
import type { Db, Item, Key } from "./dynamo.ts";

/** The index of the operations table that lists what operators look for without knowing its id. It holds keys only. */
export const LISTED = "listed";

/** The lists that there are. */
type List = "suppliers" | "imports";

/** The two attributes by which an item stands in a list, at a place by which the list is sorted. */
export const listedAs = (list: List, place: string): Item => ({ listName: list, listPlace: place });

/**
 * Reads a page of a list, and the items themselves. `after` is the `next` of the page before. The index may be a moment behind, and an
 * item that is gone is left out. Costs one query of at most `limit` keys, and half a read unit for each item.
 */
export async function pageOfList(
  deps: Db<"operations">,
  list: List,
  { limit, after, newestFirst }: { limit: number; after?: string | undefined; newestFirst: boolean },
): Promise<{ items: Item[]; next: string | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.operations,
      IndexName: LISTED,
      KeyConditionExpression: `listName = :list AND listPlace ${newestFirst ? "<" : ">"} :after`,
      ExpressionAttributeValues: { ":list": list, ":after": after ?? (newestFirst ? BEHIND_ALL : BEFORE_ALL) },
      ScanIndexForward: !newestFirst,
      Limit: limit,
    }),
  );
  const keys = (page.Items ?? []) as (Item & Key & { listPlace: string })[];
  const found = await batchGet(
    deps.db,
    deps.tables.operations,
    keys.map(({ pk, sk }) => ({ pk, sk })),
  );
  const byKey = new Map<unknown, Item>(found.map((item) => [item["pk"], item]));
  return {
    items: keys.map(({ pk }) => byKey.get(pk)).filter((item) => item !== undefined),
    next: page.LastEvaluatedKey === undefined ? null : (keys.at(-1)?.listPlace ?? null),
  };
}

/** They sort behind and before all times and ids; a key must not be empty. */
const BEHIND_ALL = "~";
const BEFORE_ALL = " ";
