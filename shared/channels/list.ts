import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Key } from "../aws/dynamo.ts";
import { CHANNELS, type Channel, channelKey, channels, type NamedKey, namedKey, namedKeys } from "./table.ts";

type Deps = Db<"identity">;

/** Reads a page of the channels, by id. */
export async function listChannelsPaged(
  deps: Deps,
  limit: number,
  after?: string,
): Promise<{ channels: Channel[]; next: string | null }> {
  const { items, next } = await pageOf(deps, CHANNELS, limit, after === undefined ? undefined : channelKey(after));
  return { channels: items.map(channels.read), next };
}

/** Reads a page of a channel's API keys, by id, also those that are revoked. */
export async function listKeys(
  deps: Deps,
  channelId: string,
  limit: number,
  after?: string,
): Promise<{ keys: NamedKey[]; next: string | null }> {
  const start = after === undefined ? undefined : namedKey(channelId, after);
  const { items, next } = await pageOf(deps, namedKey(channelId, "").pk, limit, start);
  return { keys: items.map(namedKeys.read), next };
}

async function pageOf(deps: Deps, partition: string, limit: number, start: Key | undefined) {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.identity,
      KeyConditionExpression: "pk = :partition",
      ExpressionAttributeValues: { ":partition": partition },
      Limit: limit,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    }),
  );
  const next: unknown = page.LastEvaluatedKey?.["sk"];
  return { items: page.Items ?? [], next: typeof next === "string" ? next : null };
}
