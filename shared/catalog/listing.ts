import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { Listed, ProductVersion } from "./model.ts";
import { besideProducts, listKey, products, type Unlisting } from "./table.ts";

type Deps = Db<"catalog">;

/** Lists a product, or takes it off sale. Orders that are paid are delivered all the same; sales notice within five seconds. */
export async function setListing(deps: Deps, productId: string, listing: Listed): Promise<Result<ProductVersion>> {
  const written = await update(deps.db, {
    TableName: deps.tables.catalog,
    Key: listKey(productId),
    UpdateExpression: "SET listing = :listing REMOVE unlisting",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":listing": listing },
    ReturnValues: "ALL_NEW",
  });
  return written.ok ? ok(products.read(written.item)) : refuse("not_found", "There is no such product.");
}

/** Takes a product off sale by rule. A person lists it again: whatever was wrong, somebody should have looked. */
export async function unlist(deps: Deps, productId: string, reason: string, now: Date): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.catalog,
    Key: listKey(productId),
    UpdateExpression: "SET listing = :paused, unlisting = :unlisting",
    ConditionExpression: "attribute_exists(pk) AND (attribute_not_exists(listing) OR listing = :listed)",
    ExpressionAttributeValues: {
      ":paused": "paused",
      ":listed": "listed",
      ":unlisting": { reason, at: now.toISOString(), told: false } satisfies Unlisting,
    },
  });
}

/** Why the product was taken off sale by rule, if it was and nobody has listed it again. */
export async function readUnlisting(deps: Deps, productId: string): Promise<Unlisting | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.catalog, Key: listKey(productId), ConsistentRead: true }),
  );
  return besideProducts.find(found.Item)?.unlisting;
}

export async function markTold(deps: Deps, productId: string, { at }: Unlisting): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.catalog,
    Key: listKey(productId),
    UpdateExpression: "SET unlisting.told = :true",
    ConditionExpression: "unlisting.#at = :at",
    ExpressionAttributeNames: { "#at": "at" },
    ExpressionAttributeValues: { ":true": true, ":at": at },
  });
}
