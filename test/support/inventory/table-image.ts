import { BatchWriteCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { Db, Item } from "../../../shared/aws/dynamo.ts";
import { allRanges } from "../../../shared/inventory/ranges.ts";

type Deps = Db<"inventory">;

/** A product's stock at one moment: what a point-in-time restore would bring back. */
export type StockImage = { productId: string; items: readonly Item[] };

export async function takeImage(deps: Deps, productId: string): Promise<StockImage> {
  return { productId, items: await itemsOf(deps, productId) };
}

/** Stock is as it was then, and nothing that came later is left. */
export async function bringBack(deps: Deps, { productId, items }: StockImage): Promise<void> {
  const now = await itemsOf(deps, productId);
  await write(
    deps,
    now.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })),
  );
  await write(
    deps,
    items.map((Item) => ({ PutRequest: { Item } })),
  );
}

async function itemsOf(deps: Deps, productId: string): Promise<Item[]> {
  const names: string[] = [];
  for await (const { id, slab } of allRanges(deps, productId)) names.push(`range#${id}`, `slab#${slab}#`);
  // What is marked in the space of the whole shop says whose it is.
  const isOurs = (pk: string, of: unknown): boolean =>
    pk === `stock#${productId}` ||
    (pk.startsWith("fingerprint#shop#") && of === productId) ||
    pk.startsWith(`fingerprint#${productId}#`) ||
    names.some((name) => (name.endsWith("#") ? pk.startsWith(name) : pk === name));
  const items: Item[] = [];
  for await (const page of paginateScan(
    { client: deps.db },
    { TableName: deps.tables.inventory, ConsistentRead: true },
  ))
    items.push(...(page.Items ?? []).filter(({ pk, productId: of }) => isOurs(String(pk), of)));
  return items;
}

type Request = { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Item } };

async function write(deps: Deps, requests: readonly Request[]): Promise<void> {
  for (let at = 0; at < requests.length; at += 25)
    await deps.db.send(
      new BatchWriteCommand({ RequestItems: { [deps.tables.inventory]: requests.slice(at, at + 25) } }),
    );
}
