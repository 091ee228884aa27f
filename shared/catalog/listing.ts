import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { Listed } from "./kinds.ts";
import type { ProductVersion } from "./model.ts";
import { besideProducts, listKey, products, type Unlisting } from "./table.ts";

type Deps = Db<"catalog">;

/**
 * Sets a product's listing. Sales notice within five seconds. Orders that are already paid are still delivered. Refuses with
 * `not_found`, and with `product_ended` what would bring one back that has ended.
 */
export async function setListing(deps: Deps, productId: string, listing: Listed): Promise<Result<ProductVersion>> {
  const written = await update(deps.db, {
    TableName: deps.tables.catalog,
    Key: listKey(productId),
    UpdateExpression: "SET listing = :listing REMOVE unlisting",
    ConditionExpression:
      "attribute_exists(pk) AND (attribute_not_exists(listing) OR listing <> :ended OR listing = :listing)",
    ExpressionAttributeValues: { ":listing": listing, ":ended": "ended" satisfies Listed },
    ReturnValues: "ALL_NEW",
  });
  if (written.ok) return ok(products.read(written.item));
  if (written.old === undefined) return refuse("not_found", "There is no such product.");
  return refuse("product_ended", "Make another product instead: this one's number stands for what was sold under it.");
}

/**
 * Pauses a product because a rule says so, if it is listed. Only a person lists it again, after looking at the reason.
 */
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

/** Reads why a rule has paused the product. Undefined: no rule has, or a person has set its listing since. */
export async function readUnlisting(deps: Deps, productId: string): Promise<Unlisting | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.catalog, Key: listKey(productId), ConsistentRead: true }),
  );
  return besideProducts.find(found.Item)?.unlisting;
}

/** Notes that this pause was told as an event. A later pause stays untold. */
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
