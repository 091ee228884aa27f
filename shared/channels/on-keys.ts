import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, transact, update, type Writes } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { UsageLimits } from "../usage/model.ts";
import { type ApiKey, type Channel, channelKey, channels, hashKey, namedKey, namedKeys } from "./table.ts";

type Deps = Db<"identity">;

/** What stands on a channel, and on each of its keys, so that a request knows it without another read. */
type OnKeys = Pick<ApiKey, "tiers" | "channelLimits" | "frozen">;

/** Reads what each key of a channel must know of it, strongly. */
export async function readOnKeys({ db, tables }: Deps, channelId: string): Promise<OnKeys> {
  const found = await db.send(
    new GetCommand({ TableName: tables.identity, Key: channelKey(channelId), ConsistentRead: true }),
  );
  const { tiers, limits, frozen } = channels.find(found.Item) ?? {};
  return {
    ...(tiers === undefined ? {} : { tiers }),
    ...(limits === undefined ? {} : { channelLimits: limits }),
    ...(frozen === undefined ? {} : { frozen }),
  };
}

/** Makes the condition that a channel still says the same. A key that is made meanwhile would not know of anything else. */
export function stillSays(
  { tables }: Deps,
  channelId: string,
  { tiers, channelLimits: limits, frozen }: OnKeys,
): Writes[number] {
  const known = Object.entries({ tiers, limits, frozen }).filter(([, value]) => value !== undefined);
  return {
    ConditionCheck: {
      TableName: tables.identity,
      Key: channelKey(channelId),
      ConditionExpression: `(${tiers === undefined ? "attribute_not_exists(tiers)" : "tiers = :tiers"}) AND (${limits === undefined ? "attribute_not_exists(limits)" : "limits = :limits"}) AND (${frozen === undefined ? "attribute_not_exists(frozen)" : "frozen = :frozen"})`,
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
export const setTiers = (deps: Deps, channelId: string, tiers: readonly string[]): Promise<void> =>
  sayTo(deps, channelId, "tiers", tiers);

/**
 * Sets how much all keys of a channel together may use the API, if nobody has set it since `before` was read. It goes to the keys as
 * tiers do.
 */
export async function setChannelLimits(
  deps: Deps,
  { id, limits: before }: Pick<Channel, "id" | "limits">,
  limits: UsageLimits,
): Promise<Result<undefined>> {
  const said = await update(deps.db, {
    TableName: deps.tables.identity,
    Key: channelKey(id),
    UpdateExpression: "SET limits = :limits",
    ConditionExpression: `attribute_exists(pk) AND ${before === undefined ? "attribute_not_exists(limits)" : "limits = :before"}`,
    ExpressionAttributeValues: { ":limits": limits, ...(before === undefined ? {} : { ":before": before }) },
  });
  if (!said.ok) return refuse("changed_meanwhile", "Somebody else has set its limits meanwhile; look at them again.");
  await bringToKeys(deps, id, { onChannel: "limits", onKey: "channelLimits", said: limits });
  return ok(undefined);
}

/**
 * Freezes a channel, or lets it go on. It goes to the keys as tiers do, so none of them opens anything five seconds later, and each of
 * them is again what it was when the channel goes on. Idempotent.
 */
export const setFrozen = (deps: Deps, channelId: string, frozen: boolean): Promise<void> =>
  sayTo(deps, channelId, "frozen", frozen);

/** Writes what a channel says: on the channel first, and then on each of its keys, where it has the same name. */
async function sayTo(deps: Deps, channelId: string, name: "tiers" | "frozen", said: unknown): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.identity,
    Key: channelKey(channelId),
    UpdateExpression: `SET ${name} = :said`,
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":said": said },
  });
  await bringToKeys(deps, channelId, { onChannel: name, onKey: name, said });
}

/** What a channel says, and what it is called there and on its keys. */
type Said = {
  onChannel: "tiers" | "limits" | "frozen";
  onKey: "tiers" | "channelLimits" | "frozen";
  said: unknown;
};

/**
 * Writes on each key what its channel says, while it says so. Of two operators at once the one who came last to the channel goes on, and
 * the other stops: otherwise the slower one would leave on the keys what the channel says no more.
 */
async function bringToKeys(deps: Deps, channelId: string, { onChannel, onKey, said }: Said): Promise<void> {
  const TableName = deps.tables.identity;
  for (const { hash } of await keysOf(deps, channelId)) {
    const written = await transact(deps.db, [
      {
        ConditionCheck: {
          TableName,
          Key: channelKey(channelId),
          ConditionExpression: `${onChannel} = :said`,
          ExpressionAttributeValues: { ":said": said },
        },
      },
      {
        Update: {
          TableName,
          Key: hashKey(hash),
          UpdateExpression: `SET ${onKey} = :said`,
          ConditionExpression: "attribute_exists(pk)",
          ExpressionAttributeValues: { ":said": said },
        },
      },
    ]);
    if (!written.ok && written.failed.includes(0)) return;
  }
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
