import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import { type Db, transact } from "../aws/dynamo.ts";
import { Fault } from "../kernel/fault.ts";
import { fingerprintOf, idOf } from "../kernel/ids.ts";
import { memory } from "../kernel/memory.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { isListed, type NewProduct, type ProductVersion } from "./model.ts";
import { besideProducts, changeKey, changes, listKey, PRODUCTS, products, versionKey, versions } from "./table.ts";

type Deps = Db<"catalog">;

/**
 * Creates a product at version 1, listed. A repeat with the same idempotency key and product returns the one that it
 * made.
 */
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
  if (made.Item === undefined) throw new Fault("vanished", `product ${id} vanished`);
  return repeatOf(
    products.read(made.Item),
    besideProducts.read(made.Item).requestHash === requestHash,
    "another product",
  );
}

/** Reads the current version of a product, strongly. Undefined: there is no such product. */
export async function findCurrent(deps: Deps, id: string): Promise<ProductVersion | undefined> {
  const current = await deps.db.send(
    new GetCommand({ TableName: deps.tables.catalog, Key: listKey(id), ConsistentRead: true }),
  );
  return products.find(current.Item);
}

/**
 * A version that an idempotency key has made, and the version before it. `requestHash`: what was asked for; versions
 * that earlier software made don't have it.
 */
export type MadeBy = { before: ProductVersion; product: ProductVersion; requestHash?: string };

/**
 * Finds the version that an idempotency key has made. Undefined: it has made none. Earlier software did not note keys;
 * its version is looked for right after `base`.
 */
export async function findMadeBy(deps: Deps, id: string, base: number, key: string): Promise<MadeBy | undefined> {
  const read = (version: number) =>
    deps.db.send(
      new GetCommand({ TableName: deps.tables.catalog, Key: versionKey(id, version), ConsistentRead: true }),
    );
  const noted = await readChange(deps, id, key);
  const version = noted?.version ?? base + 1;
  const [before, made] = await Promise.all([read(version - 1), read(version)]);
  if (before.Item === undefined || made.Item === undefined) return undefined;
  if (besideProducts.read(made.Item).madeBy !== key) return undefined;
  const both = { before: versions.read(before.Item), product: versions.read(made.Item) };
  // Made since the first look: what was asked for is noted in the same write.
  const { requestHash } = noted ?? (await readChange(deps, id, key)) ?? {};
  return requestHash === undefined ? both : { ...both, requestHash };
}

/** Reads what an idempotency key has changed of a product, strongly. */
async function readChange({ db, tables }: Deps, id: string, key: string) {
  const noted = await db.send(
    new GetCommand({ TableName: tables.catalog, Key: changeKey(id, key), ConsistentRead: true }),
  );
  return changes.find(noted.Item);
}

/**
 * Makes the next version of a product, which is sold from then on. Orders keep the version that they bought. A repeat
 * with the same key returns the version that it made; `requestHash` must be the same then. `base`: the version that
 * must be the current one, otherwise it is refused with `changed_meanwhile`.
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
          // Fails if the listing has changed since the read, so that a pause is not overwritten.
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
  // The SDK repeats a write whose answer was lost. Then the condition fails because of that first write, so look for
  // it.
  const mine = await findMadeBy(deps, id, base ?? before.version, key);
  if (mine === undefined)
    return refuse("changed_meanwhile", "Somebody else has just changed the product; look at it again.");
  return askedAgain(mine, requestHash);
}

/** Returns what a key has made. Refuses if the repeat asks for something else. */
export const askedAgain = (made: MadeBy, requestHash: string): Result<ProductVersion> =>
  repeatOf(made.product, (made.requestHash ?? requestHash) === requestHash, "another change of this product");

/**
 * Reads the current version of each of these products, in any order. Missing ones are left out. Up to five seconds old.
 */
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

/** Reads one version of a product. A version never changes, so the read need not be strong. */
export async function findVersion(deps: Deps, id: string, version: number): Promise<ProductVersion | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.catalog, Key: versionKey(id, version) }));
  return versions.find(found.Item);
}

/** Lists a page of products, sorted by id. */
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

/** Reads all products, page by page. For scheduled jobs; a request must not wait for it. */
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

// A product changes rarely and each order needs it. Remembering it for five seconds saves a read for each sale.
const remembered = memory<ProductVersion>({ lastsMs: 5_000, most: 1_000 });

/**
 * Tells whether this process remembers the product, and it is listed and passes `isSuch`. Reads nothing, so false may
 * also mean that the product is not remembered.
 */
export function isRemembered(id: string, isSuch: (product: ProductVersion) => boolean): boolean {
  const product = remembered.recall(id);
  return product !== undefined && isListed(product) && isSuch(product);
}
