import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Db, type Key, putIf, update } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { generationOf } from "../orders/link.ts";
import type { Order } from "../orders/model.ts";
import { codeKey } from "./table.ts";

type Deps = Db<"operations">;
type Linked = Pick<Order, "id" | "linkCauses">;

/** Each generation of an order's link has codes of its own. */
const keyOf = (order: Linked): Key => codeKey(order.id, generationOf(order));

/** That a one-time code was asked for by an order's link: on which occasion, how often it was tried, and when codes were sent. */
type Asked = { occasion: string; tries: number; sent: string[]; version: number; usedAt?: string };

const asked = stored<Asked>(
  "one-time code of a link",
  z.object({
    occasion: z.string(),
    tries: z.int(),
    sent: z.array(z.string()),
    version: z.int(),
    usedAt: z.string().exactOptional(),
  }),
);

export async function readAsked({ db, tables }: Deps, order: Linked): Promise<Asked | undefined> {
  const found = await db.send(
    new GetCommand({ TableName: tables.operations, Key: keyOf(order), ConsistentRead: true }),
  );
  return asked.find(found.Item);
}

/** Writes that a code is sent, if nobody has written meanwhile. `endsAt`: when the item may go. */
export async function writeAsked({ db, tables }: Deps, order: Linked, next: Asked, endsAt: number): Promise<boolean> {
  const written = await putIf(db, {
    TableName: tables.operations,
    Item: asked.write(keyOf(order), next, { expiresAtEpoch: endsAt }),
    ConditionExpression: "attribute_not_exists(pk) OR version = :before",
    ExpressionAttributeValues: { ":before": next.version - 1 },
  });
  return written.ok;
}

/** A try of the code of an occasion, from a network. */
type Try = { occasion: string; from: string };

/**
 * Counts one more try of a code, if it was not used, and there were fewer than so many: of its network, and of all. The counts of networks
 * stand on the item, and go when another code is sent: there are no more of them than tries.
 */
export async function countTry(
  { db, tables }: Deps,
  order: Linked,
  { occasion, from }: Try,
  most: { each: number; all: number },
): Promise<boolean> {
  const written = await update(db, {
    TableName: tables.operations,
    Key: keyOf(order),
    UpdateExpression: "SET tries = tries + :one ADD #from :one",
    ConditionExpression:
      "occasion = :occasion AND tries < :all AND (attribute_not_exists(#from) OR #from < :each) AND attribute_not_exists(usedAt)",
    ExpressionAttributeNames: { "#from": `from ${from}` },
    ExpressionAttributeValues: { ":one": 1, ":occasion": occasion, ":all": most.all, ":each": most.each },
  });
  return written.ok;
}

/** Uses the code of an occasion: of many at once one does. */
export async function useAsked({ db, tables }: Deps, order: Linked, occasion: string, now: Date): Promise<boolean> {
  const written = await update(db, {
    TableName: tables.operations,
    Key: keyOf(order),
    UpdateExpression: "SET usedAt = :at",
    ConditionExpression: "occasion = :occasion AND attribute_not_exists(usedAt)",
    ExpressionAttributeValues: { ":at": now.toISOString(), ":occasion": occasion },
  });
  return written.ok;
}
