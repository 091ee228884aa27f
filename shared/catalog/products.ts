import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import { type Db, transact } from "../aws/dynamo.ts";
import { fingerprintOf, idOf } from "../kernel/ids.ts";
import { memory } from "../kernel/memory.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { isListed, type NewProduct, type ProductVersion } from "./model.ts";
import { besideProducts, changeKey, changes, listKey, PRODUCTS, products, versionKey, versions } from "./table.ts";

type Deps = Db<"catalog">;

/** Creates version 1 of a product; the same idempotency key with the same product finds the one it made before. */
export async function createProduct(deps: Deps, product: NewProduct, key: string): Promise<Result<ProductVersion>> {
  const id = idOf("prod", "create-product", key);
  const version: ProductVersion = { id, version: 1, ...product };
  const listed: ProductVersion = { ...version, listing: "listed" };
  const requestHash = fingerprintOf(product);
  const written = await transact(deps.db, [
    {
      Put: {
        TableName: deps.tables.catalog,
        Item: products.write(listKey(id), listed, { requestHash }),
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    { Put: { TableName: deps.tables.catalog, Item: versions.write(versionKey(id, 1), version) } },
  ]);
  if (written.ok) return ok(listed);
  const made = await deps.db.send(
    new GetCommand({ TableName: deps.tables.catalog, Key: listKey(id), ConsistentRead: true }),
  );
  if (made.Item === undefined) throw new Error(`product ${id} vanished`);
  return repeatOf(
    products.read(made.Item),
    besideProducts.read(made.Item).requestHash === requestHash,
    "another product",
  );
}

/** The product as it is now, strongly read; undefined: there is none. */
export async function findCurrent(deps: Deps, id: string): Promise<ProductVersion | undefined> {
  const current = await deps.db.send(
    new GetCommand({ TableName: deps.tables.catalog, Key: listKey(id), ConsistentRead: true }),
  );
  return products.find(current.Item);
}

/** A version that a key has made, the one before it, and what was asked for; older versions don't know that. */
export type MadeBy = { before: ProductVersion; product: ProductVersion; requestHash?: string };

/** What this key has made of the product. For changes of before they were noted by their key, `base` says where to look. */
export async function findMadeBy(deps: Deps, id: string, base: number, key: string): Promise<MadeBy | undefined> {
  const read = (version: number) =>
    deps.db.send(
      new GetCommand({ TableName: deps.tables.catalog, Key: versionKey(id, version), ConsistentRead: true }),
    );
  const noted = await deps.db.send(
    new GetCommand({ TableName: deps.tables.catalog, Key: changeKey(id, key), ConsistentRead: true }),
  );
  const { version, requestHash } = changes.find(noted.Item) ?? { version: base + 1 };
  const [before, made] = await Promise.all([read(version - 1), read(version)]);
  if (before.Item === undefined || made.Item === undefined) return undefined;
  if (besideProducts.read(made.Item).madeBy !== key) return undefined;
  const both = { before: versions.read(before.Item), product: versions.read(made.Item) };
  return requestHash === undefined ? both : { ...both, requestHash };
}

/**
 * Makes the next version of a product: what is sold from now on. Orders keep the one that they bought. The same key finds the
 * version that it made. `base`, if it is said, is the version that it must be made of; `requestHash` is what a repeat must ask for.
 */
export async function createVersion(
  deps: Deps,
  id: string,
  product: NewProduct,
  key: string,
  base?: number,
  requestHash = fingerprintOf(product),
): Promise<Result<ProductVersion>> {
  const current = await deps.db.send(
    new GetCommand({ TableName: deps.tables.catalog, Key: listKey(id), ConsistentRead: true }),
  );
  if (current.Item === undefined) return refuse("not_found", "There is no such product.");
  const before = products.read(current.Item);
  const beside = besideProducts.read(current.Item);
  if (beside.madeBy === key) {
    const made = await findMadeBy(deps, id, before.version - 1, key);
    return made === undefined ? ok(before) : askedAgain(made, requestHash);
  }
  if (before.kind !== product.kind) return refuse("wrong_kind", "A product stays of the kind that it is.");
  const version = before.version + 1;
  const next: ProductVersion = { id, version, ...product };
  if (base === undefined || base === before.version) {
    const written = await transact(deps.db, [
      {
        Put: {
          TableName: deps.tables.catalog,
          Item: products.write(listKey(id), next, { ...beside, listing: before.listing, madeBy: key }),
          // Somebody may take it off sale in the same moment: that must not be overwritten.
          ConditionExpression: "version = :before AND listing = :listing",
          ExpressionAttributeValues: { ":before": before.version, ":listing": before.listing },
        },
      },
      { Put: { TableName: deps.tables.catalog, Item: versions.write(versionKey(id, version), next, { madeBy: key }) } },
      {
        Put: {
          TableName: deps.tables.catalog,
          Item: changes.write(changeKey(id, key), { version, requestHash }),
          ConditionExpression: "attribute_not_exists(pk)",
        },
      },
    ]);
    if (written.ok) return ok(next);
  }
  // The SDK repeats a write whose answer was lost; then what stands in the way is what it wrote.
  const mine = await findMadeBy(deps, id, base ?? before.version, key);
  if (mine === undefined)
    return refuse("changed_meanwhile", "Somebody else has just changed the product; look at it again.");
  return askedAgain(mine, requestHash);
}

/** What a key has made, if it is asked for in the same words. */
export const askedAgain = (made: MadeBy, requestHash: string): Result<ProductVersion> =>
  repeatOf(made.product, (made.requestHash ?? requestHash) === requestHash, "another change of this product");

/** The current version of each product that exists, whatever the order of `ids`. */
export async function findProducts(deps: Deps, ids: readonly string[]): Promise<ProductVersion[]> {
  const unique = [...new Set(ids)];
  const fresh = unique.flatMap((id) => remembered.recall(id) ?? []);
  const missing = unique.filter((id) => !fresh.some((product) => product.id === id));
  if (missing.length === 0) return fresh;
  const table = deps.tables.catalog;
  const read = (await batchGet(deps.db, table, missing.map(listKey))).map(products.read);
  for (const product of read) remembered.note(product.id, product);
  return [...fresh, ...read];
}

/** The version that an order names; it never changes. */
export async function findVersion(deps: Deps, id: string, version: number): Promise<ProductVersion | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.catalog, Key: versionKey(id, version) }));
  return versions.find(found.Item);
}

/** All products by id, a page at a time. */
export async function listProducts(
  deps: Deps,
  limit: number,
  after?: string,
): Promise<{ products: ProductVersion[]; next: string | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.catalog,
      KeyConditionExpression: "pk = :list",
      ExpressionAttributeValues: { ":list": PRODUCTS },
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: listKey(after) }),
    }),
  );
  const next: unknown = page.LastEvaluatedKey?.["sk"];
  return { products: (page.Items ?? []).map(products.read), next: typeof next === "string" ? next : null };
}

/** All products, whatever their number: for those who look after them. */
export async function allProducts(deps: Deps): Promise<ProductVersion[]> {
  const all: ProductVersion[] = [];
  let after: string | undefined;
  do {
    const page = await listProducts(deps, 100, after);
    all.push(...page.products);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return all;
}

// A product changes rarely and each order needs it: five seconds old is as good as new, and saves a read per sale.
const remembered = memory<ProductVersion>({ lastsMs: 5_000, most: 1_000 });

/** Does this process know the product, and is it such a one? Costs nothing; what it does not know it does not say. */
export function isRemembered(id: string, isSuch: (product: ProductVersion) => boolean): boolean {
  const product = remembered.recall(id);
  return product !== undefined && isListed(product) && isSuch(product);
}
