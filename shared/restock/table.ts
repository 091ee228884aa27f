import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Key } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-all.ts";
import type { Restock, RestockRule } from "./model.ts";

type Deps = Db<"platform">;

/** All rules lie together: there are as many as products that are bought ahead. */
const RESTOCKS = "restocks";
const restockKey = (productId: string): Key => ({ pk: RESTOCKS, sk: productId });

const asRestock = ({ pk: _pk, sk: _sk, ...restock }: Record<string, unknown>): Restock => restock as Restock;

export async function readRestock(deps: Deps, productId: string): Promise<Restock | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.platform, Key: restockKey(productId), ConsistentRead: true }),
  );
  return found.Item === undefined ? undefined : asRestock(found.Item);
}

export async function allRestocks(deps: Deps): Promise<Restock[]> {
  const restocks = await queryAll(deps.db, {
    TableName: deps.tables.platform,
    KeyConditionExpression: "pk = :restocks",
    ExpressionAttributeValues: { ":restocks": RESTOCKS },
    ConsistentRead: true,
  });
  return restocks.map(asRestock);
}

/** Writes the next version, unless somebody else has: undefined then, and nothing is done on the strength of what was read. */
export async function moveRestock(deps: Deps, before: Restock, next: Restock): Promise<Restock | undefined> {
  const written = { ...next, version: before.version + 1 };
  try {
    await deps.db.send(
      new PutCommand({
        TableName: deps.tables.platform,
        Item: { ...restockKey(before.productId), ...written },
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

/** Sets the rule; a purchase that is under way goes on as it was begun. */
export async function setRestock(deps: Deps, productId: string, rule: RestockRule): Promise<Restock | undefined> {
  const before = (await readRestock(deps, productId)) ?? { productId, rule, version: 0, begun: 0 };
  return moveRestock(deps, before, { ...before, rule });
}
