import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import { type Db, putIf } from "../aws/dynamo.ts";
import { memory } from "../kernel/memory.ts";
import { pricesOf, type TierPrice, tierPriceKey, tierPrices } from "./table.ts";
import type { Window } from "./windows.ts";

type Deps = Db<"catalog">;
type Name = Pick<TierPrice, "tier" | "productId">;

// Like products: an order needs them, and they change rarely. Also that there is no price is remembered.
const remembered = memory<readonly Window[]>({ lastsMs: 5_000, most: 10_000 });
const nameOf = ({ tier, productId }: Name): string => `${tier} ${productId}`;

/**
 * Reads the prices that these tiers have for these products, in one read, up to five seconds old. Gives for each product the windows of
 * each tier, in the order of the tiers. Without tiers nothing is read.
 */
export async function findTierPrices(
  deps: Deps,
  tiers: readonly string[],
  productIds: readonly string[],
): Promise<(productId: string) => (readonly Window[])[]> {
  const names = productIds.flatMap((productId) => tiers.map((tier) => ({ tier, productId })));
  const missing = names.filter((name) => remembered.recall(nameOf(name)) === undefined);
  const read = new Map<string, readonly Window[]>();
  if (missing.length > 0) {
    const items = await batchGet(deps.db, deps.tables.catalog, missing.map(tierPriceKey));
    for (const price of items.map(tierPrices.read)) read.set(nameOf(price), price.windows);
    for (const name of missing) remembered.note(nameOf(name), read.get(nameOf(name)) ?? []);
  }
  return (productId) =>
    tiers.map((tier) => {
      const name = nameOf({ tier, productId });
      return read.get(name) ?? remembered.recall(name) ?? [];
    });
}

/** Reads what a tier pays for a product, strongly. Undefined: nothing was ever said. */
export async function readTierPrice(deps: Deps, name: Name): Promise<TierPrice | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.catalog, Key: tierPriceKey(name), ConsistentRead: true }),
  );
  return tierPrices.find(found.Item);
}

/** Writes what a tier pays for a product, if nobody has since `before` was read. Tells whether it did. */
export async function writeTierPrice(deps: Deps, before: TierPrice | undefined, next: TierPrice): Promise<boolean> {
  const Item = tierPrices.write(tierPriceKey(next), next);
  const written = await putIf(deps.db, {
    TableName: deps.tables.catalog,
    Item,
    ...(before === undefined
      ? { ConditionExpression: "attribute_not_exists(pk)" }
      : {
          ConditionExpression: "version = :before",
          ExpressionAttributeValues: { ":before": before.version },
        }),
  });
  return written.ok;
}

/** Lists a page of a tier's prices, by product. */
export async function listTierPrices(
  deps: Deps,
  tier: string,
  limit: number,
  after?: string,
): Promise<{ prices: TierPrice[]; next: string | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.catalog,
      KeyConditionExpression: "pk = :tier",
      ExpressionAttributeValues: { ":tier": pricesOf(tier) },
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: tierPriceKey({ tier, productId: after }) }),
    }),
  );
  const next: unknown = page.LastEvaluatedKey?.["sk"];
  return { prices: (page.Items ?? []).map(tierPrices.read), next: typeof next === "string" ? next : null };
}
