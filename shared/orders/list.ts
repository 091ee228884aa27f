import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Item } from "../aws/dynamo.ts";
import type { Order } from "./model.ts";
import { BY_CHANNEL, listShards, orderIdIn, ordersNamed } from "./table.ts";

type Deps = Db<"orders">;

/**
 * A page of a channel's orders, newest first. The index lists them in shards, each in this order, so the newest of every shard are
 * read and merged: what is older than the last of the page is for the next. The index holds keys only, so each order is then
 * read itself. `after` is the `next` of the page before.
 */
export async function listOrders(
  deps: Deps,
  channelId: string,
  limit: number,
  after?: string,
): Promise<{ orders: Order[]; next: string | null }> {
  const shards = await Promise.all(listShards(channelId).map((shard) => newestOf(deps, shard, limit, after)));
  const keys = shards.flatMap((shard) => shard.keys).sort((a, b) => (a.listKey < b.listKey ? 1 : -1));
  const page = keys.slice(0, limit);
  const hasMore = keys.length > limit || shards.some(({ isWhole }) => !isWhole);
  return {
    orders: await ordersNamed(deps, page.map(orderIdIn)),
    next: hasMore ? (page.at(-1)?.listKey ?? null) : null,
  };
}

type Listed = Item & { listKey: string };

/** A place behind those of all times. */
const BEHIND_ALL = "~";

/** The newest of one shard, older than `after`. A place in another shard is none in this one, so it is asked for by the order's time. */
async function newestOf(
  deps: Deps,
  shard: string,
  limit: number,
  after?: string,
): Promise<{ keys: Listed[]; isWhole: boolean }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      IndexName: BY_CHANNEL,
      KeyConditionExpression: "listShard = :shard AND listKey < :after",
      ExpressionAttributeValues: { ":shard": shard, ":after": after ?? BEHIND_ALL },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return { keys: (page.Items ?? []) as Listed[], isWhole: page.LastEvaluatedKey === undefined };
}
