import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db, Item, Key } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import { stored } from "../aws/stored.ts";
import { ok, pointersOf, type Result, refuse } from "../kernel/problem.ts";
import { asRestock, end, type Restock, type RestockChange, RestockRule } from "./model.ts";

type Deps = Db<"operations">;

/** All rules lie in one partition: there are as many as products that are bought ahead. */
export const RESTOCKS = "restocks";
export const restockKey = (productId: string): Key => ({ pk: RESTOCKS, sk: productId });

/** How the keys of purchases ahead begin. */
export const PURCHASES = "purchase#";
export const purchaseKey = (reference: string): Key => ({ pk: `${PURCHASES}${reference}`, sk: "purchase" });

/** The note of a purchase ahead, also after it is over: its supplier may still take it back. */
const purchase = z.object({
  reference: z.string(),
  productId: z.string(),
  supplierId: z.string(),
  supplierOrderId: z.string().exactOptional(),
  /** How many pieces were delivered and are in stock or about to be. Absent: nothing was delivered yet. */
  pieces: z.int().exactOptional(),
});
export type PurchaseNote = z.infer<typeof purchase>;
export const purchases = stored("purchase ahead", purchase);

const whole = <T extends object>() => z.custom<T>((value) => typeof value === "object" && value !== null);

/** A rule with its purchases. What is within its members only this domain writes, by the model. */
export const restocks = stored(
  "rule of buying ahead",
  z.object({
    productId: z.string(),
    rule: whole<RestockRule>(),
    version: z.int(),
    begun: z.int(),
    open: whole<NonNullable<Restock["open"]>>().exactOptional(),
    spent: whole<NonNullable<Parameters<typeof asRestock>[0]["spent"]>>().exactOptional(),
    news: z.array(z.string()).readonly().exactOptional(),
    stopped: whole<NonNullable<Restock["stopped"]>>().exactOptional(),
    last: whole<NonNullable<Restock["last"]>>().exactOptional(),
  }),
);

const fromItem = (item: Item): Restock => asRestock(restocks.read(item));

export async function readRestock(deps: Deps, productId: string): Promise<Restock | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: restockKey(productId), ConsistentRead: true }),
  );
  return found.Item === undefined ? undefined : fromItem(found.Item);
}

export async function allRestocks(deps: Deps): Promise<Restock[]> {
  const found = await queryAll(deps.db, {
    TableName: deps.tables.operations,
    KeyConditionExpression: "pk = :restocks",
    ExpressionAttributeValues: { ":restocks": RESTOCKS },
    ConsistentRead: true,
  });
  return found.map(fromItem);
}

/**
 * Writes the next version of a rule. Undefined: somebody else has, so the caller must do nothing that rests on what it
 * read.
 */
export async function moveRestock(deps: Deps, before: Restock, next: Restock): Promise<Restock | undefined> {
  const written = { ...next, version: before.version + 1 };
  try {
    await deps.db.send(
      new PutCommand({
        TableName: deps.tables.operations,
        Item: restocks.write(restockKey(before.productId), written),
        ConditionExpression: "attribute_not_exists(pk) OR version = :version",
        ExpressionAttributeValues: { ":version": before.version },
      }),
    );
    return written;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** A planned change of a rule: `before` is what was read, `next` what is to be written. */
export type RestockPlan = { before: Partial<Restock>; rule: RestockRule; next: Restock };

/**
 * Plans a change of a rule; nothing is written. A purchase that is under way goes on as it was begun, unless it is
 * stuck and closed with this change: what was spent on it stays spent, because it may have been charged.
 */
export async function planRestock(
  deps: Deps,
  productId: string,
  { closes, ...change }: RestockChange,
  now: Date,
): Promise<Result<RestockPlan>> {
  const before = await readRestock(deps, productId);
  const rule = RestockRule.safeParse({ ...before?.rule, ...change });
  if (!rule.success) return refuse("invalid_request", "That makes no whole rule.", pointersOf(rule.error.issues));
  const current = before ?? { productId, rule: rule.data, version: 0, begun: 0 };
  const closed = closes === undefined ? current : close(current, closes, now);
  if (closed === undefined)
    return refuse("not_found", "No purchase of this name is stuck.", [{ pointer: "/closes", message: "is not stuck" }]);
  return ok({ before: before ?? {}, rule: rule.data, next: { ...closed, rule: rule.data } });
}

/** Sets a rule, unless it changed since it was planned. */
export async function setPlanned(
  deps: Deps,
  productId: string,
  { before, next }: RestockPlan,
): Promise<Restock | undefined> {
  return moveRestock(deps, { productId, version: 0, begun: 0, ...before, rule: next.rule }, next);
}

/** Changes the rule at once. */
export async function setRestock(
  deps: Deps,
  productId: string,
  change: RestockChange,
  now: Date,
): Promise<Result<Restock>> {
  const planned = await planRestock(deps, productId, change, now);
  if (!planned.ok) return planned;
  const set = await setPlanned(deps, productId, planned.value);
  return set === undefined ? refuse("busy", "It is buying just now; try again in a moment.") : ok(set);
}

function close(before: Restock, reference: string, now: Date): Restock | undefined {
  const { open } = before;
  if (open?.state !== "stuck" || open.reference !== reference) return undefined;
  const { shortfall } = open;
  const last = { reference, at: now.toISOString(), outcome: "closed" } as const;
  return end(before, shortfall === undefined ? last : { ...last, shortfall });
}
