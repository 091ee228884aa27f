import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update, type Writes } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { UsageLimits } from "../usage/model.ts";
import { type ApiKey, type Channel, channelKey, channels, hashKey, namedKey, namedKeys } from "./table.ts";

type Deps = Db<"identity">;

/** What stands on a channel, and on each of its keys, so that a request knows it without another read. */
type OnKeys = Pick<ApiKey, "tiers" | "channelLimits">;

/** Reads what each key of a channel must know of it, strongly. */
export async function readOnKeys({ db, tables }: Deps, channelId: string): Promise<OnKeys> {
  const found = await db.send(
    new GetCommand({ TableName: tables.identity, Key: channelKey(channelId), ConsistentRead: true }),
  );
  const { tiers, limits } = channels.find(found.Item) ?? {};
  return { ...(tiers === undefined ? {} : { tiers }), ...(limits === undefined ? {} : { channelLimits: limits }) };
}

/** Makes the condition that a channel still says the same. A key that is made meanwhile would not know of anything else. */
export function stillSays(
  { tables }: Deps,
  channelId: string,
  { tiers, channelLimits: limits }: OnKeys,
): Writes[number] {
  const known = Object.entries({ tiers, limits }).filter(([, value]) => value !== undefined);
  return {
    ConditionCheck: {
      TableName: tables.identity,
      Key: channelKey(channelId),
      ConditionExpression: `(${tiers === undefined ? "attribute_not_exists(tiers)" : "tiers = :tiers"}) AND (${limits === undefined ? "attribute_not_exists(limits)" : "limits = :limits"})`,
      ...(known.length === 0
        ? {}
        : { ExpressionAttributeValues: Object.fromEntries(known.map(([name, value]) => [`:${name}`, value])) }),
    },
  };
}

/**
 * Sets in which tiers a channel is: of those that have a price of their own the first one counts. The channel says so first, and then
 * each of its keys, from which a request knows it without a read. Every key that is made from then on knows it too. Idempotent: after a
 * crash in between, saying it again brings the rest of the keys along. It counts everywhere five seconds later.
 */
export async function setTiers(deps: Deps, channelId: string, tiers: readonly string[]): Promise<void> {
  const set = {
    TableName: deps.tables.identity,
    UpdateExpression: "SET tiers = :tiers",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":tiers": tiers },
  };
  await update(deps.db, { ...set, Key: channelKey(channelId) });
  for (const { hash } of await keysOf(deps, channelId)) await update(deps.db, { ...set, Key: hashKey(hash) });
}

/**
 * Sets how much all keys of a channel together may use the API, if nobody has set it since `before` was read. It goes to the keys as
 * tiers do.
 */
export async function setChannelLimits(
  deps: Deps,
  { id, limits: before }: Pick<Channel, "id" | "limits">,
  limits: UsageLimits,
): Promise<Result<undefined>> {
  const TableName = deps.tables.identity;
  const said = await update(deps.db, {
    TableName,
    Key: channelKey(id),
    UpdateExpression: "SET limits = :limits",
    ConditionExpression: `attribute_exists(pk) AND ${before === undefined ? "attribute_not_exists(limits)" : "limits = :before"}`,
    ExpressionAttributeValues: { ":limits": limits, ...(before === undefined ? {} : { ":before": before }) },
  });
  if (!said.ok) return refuse("changed_meanwhile", "Somebody else has set its limits meanwhile; look at them again.");
  for (const { hash } of await keysOf(deps, id))
    await update(deps.db, {
      TableName,
      Key: hashKey(hash),
      UpdateExpression: "SET channelLimits = :limits",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":limits": limits },
    });
  return ok(undefined);
}

async function keysOf(deps: Deps, channelId: string) {
  const keys = await queryAll(deps.db, {
    TableName: deps.tables.identity,
    KeyConditionExpression: "pk = :keys",
    ExpressionAttributeValues: { ":keys": namedKey(channelId, "").pk },
    ConsistentRead: true,
  });
  return keys.map(namedKeys.read);
}
