import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "./batch-get.ts";
import type { Db, Item, Key } from "./dynamo.ts";

/** The index of the operations table that lists what operators look for without knowing its id. It holds keys only. */
export const LISTED = "listed";

/** The lists that there are. Those of webhooks are of one endpoint each. */
type List =
  | "suppliers"
  | "imports"
  | "payment-providers"
  | "senders"
  | `messages-due#${number}`
  | "disputes-open"
  | "disputes-closed"
  | "cases-open"
  | "cases-closed"
  | "webhook-endpoints"
  | `webhook-${"due" | "deliveries"}#${string}`;

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
  const keys = (page.Items ?? []) as Listed[];
  return {
    items: await itemsOf(deps, keys),
    next: page.LastEvaluatedKey === undefined ? null : (keys.at(-1)?.listPlace ?? null),
  };
}

/** The key of an item in a list, and its place there. */
export type Listed = Key & { listPlace: string };

/** Reads the keys of the items between two places of a list, oldest first; both may be places of items. At most `limit`. */
export async function keysInList(
  deps: Db<"operations">,
  list: List,
  { from, to }: { from: string; to: string },
  limit: number,
): Promise<Listed[]> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.operations,
      IndexName: LISTED,
      KeyConditionExpression: "listName = :list AND listPlace BETWEEN :from AND :to",
      ExpressionAttributeValues: { ":list": list, ":from": from, ":to": to },
      Limit: limit,
    }),
  );
  return (page.Items ?? []) as Listed[];
}

/** Reads the items of some places of a list, in its order. */
export async function itemsOf(deps: Db<"operations">, listed: readonly Listed[]): Promise<Item[]> {
  const keys = listed.map(({ pk, sk }) => ({ pk, sk }));
  const found = await batchGet(deps.db, deps.tables.operations, keys);
  const nameOf = ({ pk, sk }: Item): string => `${String(pk)} ${String(sk)}`;
  const byKey = new Map(found.map((item) => [nameOf(item), item]));
  return keys.map((key) => byKey.get(nameOf(key))).filter((item) => item !== undefined);
}

/** They sort behind and before all times and ids; a key must not be empty. */
const BEHIND_ALL = "~";
const BEFORE_ALL = " ";
