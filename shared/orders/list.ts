import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Item } from "../aws/dynamo.ts";
import type { Order } from "./model.ts";
import { BY_CHANNEL, listShards, orderIdIn, ordersNamed } from "./table.ts";

type Deps = Db<"orders">;

/**
 * Reads a page of a channel's orders, newest first. The index has several shards, each sorted by time; the newest of
 * every shard are merged. The index holds keys only, so each order is then read itself. `after` is the `next` of the
 * page before.
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

/** Sorts behind all times. */
const BEHIND_ALL = "~";

/**
 * Reads the newest keys of one shard that are older than `after`. A key of another shard is none of this one, so the
 * place is given by its time.
 */
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
