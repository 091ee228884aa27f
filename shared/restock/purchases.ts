import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type PurchaseNote, purchaseKey, purchases, restockKey } from "./table.ts";

type Deps = Db<"operations">;

/** Tells whether a reference of ours names a purchase ahead. */
const isPurchase = (reference: string): boolean => reference.startsWith("restock_");

/** Notes a purchase: before the supplier is asked, and again before the goods are put into stock. */
export async function notePurchase(deps: Deps, note: PurchaseNote, now: Date): Promise<void> {
  const expiresAtEpoch = Math.floor(now.getTime() / 1000) + LIMITS.purchaseKeptSeconds;
  const Item = purchases.write(purchaseKey(note.reference), note, { expiresAtEpoch });
  await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item }));
}

/** Reads the note of a purchase, strongly. */
export async function readPurchase(deps: Deps, reference: string): Promise<PurchaseNote | undefined> {
  if (!isPurchase(reference)) return undefined;
  const key = purchaseKey(reference);
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: key, ConsistentRead: true }),
  );
  return purchases.find(found.Item);
}

/**
 * Makes the next look at the product ask about the purchase. A write that somebody else makes at this moment fails and
 * is done anew.
 */
export async function askAgainAbout(deps: Deps, { productId, reference }: PurchaseNote): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: restockKey(productId),
    UpdateExpression: "SET news = list_append(if_not_exists(news, :none), :news), version = version + :one",
    ConditionExpression: "attribute_exists(pk) AND (attribute_not_exists(news) OR NOT contains(news, :reference))",
    ExpressionAttributeValues: { ":none": [], ":news": [reference], ":reference": reference, ":one": 1 },
  });
}
