import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Item } from "../aws/dynamo.ts";
import type { Order } from "./model.ts";
import { BY_BUYER, BY_CHANNEL, buyerShards, listShards, orderIdIn, ordersNamed } from "./table.ts";

type Deps = Db<"orders">;

/** Whose orders are listed: a channel's, or those of one buyer, who is named by a hash that is their channel's own. */
export type Whose = { channelId: string } | { buyer: string };

/**
 * Reads a page of somebody's orders, newest first. The index has several shards, each sorted by time; the newest of
 * every shard are merged. The index holds keys only, so each order is then read itself. `after` is the `next` of the
 * page before.
 */
export async function listOrders(
  deps: Deps,
  whose: Whose,
  limit: number,
  after?: string,
): Promise<{ orders: Order[]; next: string | null }> {
  const shards = await Promise.all(shardsOf(whose).map((shard) => newestOf(deps, shard, limit, after)));
  const keys = shards.flatMap((shard) => shard.keys).sort((a, b) => (a.listKey < b.listKey ? 1 : -1));
  const page = keys.slice(0, limit);
  const hasMore = keys.length > limit || shards.some(({ isWhole }) => !isWhole);
  return {
    orders: await ordersNamed(deps, page.map(orderIdIn)),
    next: hasMore ? (page.at(-1)?.listKey ?? null) : null,
  };
}

/** One shard of an index: the index, its attribute for shards, and the value. */
type Shard = { index: string; attribute: string; value: string };

function shardsOf(whose: Whose): Shard[] {
  if ("buyer" in whose)
    return buyerShards(whose.buyer).map((value) => ({ index: BY_BUYER, attribute: "buyerShard", value }));
  return listShards(whose.channelId).map((value) => ({ index: BY_CHANNEL, attribute: "listShard", value }));
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
  { index, attribute, value }: Shard,
  limit: number,
  after?: string,
): Promise<{ keys: Listed[]; isWhole: boolean }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      IndexName: index,
      KeyConditionExpression: "#shard = :shard AND listKey < :after",
      ExpressionAttributeNames: { "#shard": attribute },
      ExpressionAttributeValues: { ":shard": value, ":after": after ?? BEHIND_ALL },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return { keys: (page.Items ?? []) as Listed[], isWhole: page.LastEvaluatedKey === undefined };
}
