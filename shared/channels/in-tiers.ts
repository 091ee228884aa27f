import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update, type Writes } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import { type ApiKey, channelKey, channels, hashKey, namedKey, namedKeys } from "./table.ts";

type Deps = Db<"identity">;
type InTiers = Pick<ApiKey, "tiers">;

/** Reads in which tiers a channel is, strongly. */
export async function readTiers({ db, tables }: Deps, channelId: string): Promise<InTiers> {
  const found = await db.send(
    new GetCommand({ TableName: tables.identity, Key: channelKey(channelId), ConsistentRead: true }),
  );
  const { tiers } = channels.find(found.Item) ?? {};
  return tiers === undefined ? {} : { tiers };
}

/** Makes the condition that a channel is still in these tiers. A key that is made meanwhile would not know of others. */
export const stillIn = ({ tables }: Deps, channelId: string, { tiers }: InTiers): Writes[number] => ({
  ConditionCheck: {
    TableName: tables.identity,
    Key: channelKey(channelId),
    ...(tiers === undefined
      ? { ConditionExpression: "attribute_not_exists(tiers)" }
      : { ConditionExpression: "tiers = :tiers", ExpressionAttributeValues: { ":tiers": tiers } }),
  },
});

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
  const keys = await queryAll(deps.db, {
    TableName: deps.tables.identity,
    KeyConditionExpression: "pk = :keys",
    ExpressionAttributeValues: { ":keys": namedKey(channelId, "").pk },
    ConsistentRead: true,
  });
  for (const { hash } of keys.map(namedKeys.read)) await update(deps.db, { ...set, Key: hashKey(hash) });
}
