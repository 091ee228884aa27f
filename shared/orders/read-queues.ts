import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Item } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Order } from "./model.ts";
import { IN_REVIEW, shardsOf } from "./queues.ts";
import { orderIdIn, ordersNamed } from "./table.ts";

type Deps = Db<"orders">;

/** An order as the index names it, and since when it stands there. */
export type Queued = { id: string; since: string };

const inOrder = (a: Queued, b: Queued): number => a.since.localeCompare(b.since) || a.id.localeCompare(b.id);

/** Reads where a page begins: after the last order of the page before, or at the beginning. */
function cursorFrom(cursor = "#"): Queued {
  const [since = "", id = ""] = cursor.split("#");
  return { id, since };
}

/**
 * Reads the first orders that wait for a person, the oldest first; those of the same time are sorted by id. `isMore`:
 * there are others behind them. The index may be a moment behind.
 */
export async function queuedReviews(
  deps: Deps,
  limit: number,
  after?: string,
): Promise<{ queued: Queued[]; isMore: boolean }> {
  const begin = cursorFrom(after);
  const shards = await Promise.all(shardsOf("open").map((shard) => firstOf(deps, shard, limit + 1, begin)));
  const merged = shards.flat().sort(inOrder);
  return { queued: merged.slice(0, limit), isMore: merged.length > limit };
}

/**
 * Reads the first orders of a shard behind a place, at least `count` if there are so many. The index has no order among
 * equal times.
 */
async function firstOf(deps: Deps, shard: string, count: number, begin: Queued): Promise<Queued[]> {
  const found: Queued[] = [];
  let start: Item | undefined;
  do {
    const page = await deps.db.send(
      new QueryCommand({
        TableName: deps.tables.orders,
        IndexName: IN_REVIEW,
        KeyConditionExpression: "reviewQueue = :shard AND reviewSince >= :since",
        // A key must not be empty; every time sorts behind this one.
        ExpressionAttributeValues: { ":shard": shard, ":since": begin.since || "0" },
        Limit: count + 1,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    const seen = (page.Items ?? []).map((item) => ({ id: orderIdIn(item), since: String(item["reviewSince"]) }));
    found.push(...seen.filter((one) => inOrder(one, begin) > 0));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && !(found.length > count && found.at(-1)?.since !== found[count - 1]?.since));
  return found.sort(inOrder).slice(0, count);
}

/** Reads a page of the orders that wait for a person, the oldest first. */
export async function listReviews(
  deps: Deps,
  limit: number,
  after?: string,
): Promise<{ orders: Order[]; next: string | null }> {
  const { queued: page, isMore } = await queuedReviews(deps, limit, after);
  const last = page.at(-1);
  const orders = await ordersNamed(
    deps,
    page.map(({ id }) => id),
  );
  return {
    // The index may be a moment behind.
    orders: orders.filter((order) => order.review !== undefined),
    next: last === undefined || !isMore ? null : `${last.since}#${last.id}`,
  };
}

/** Reads orders that were not paid in time, a page of each shard at a time, the oldest first. */
export async function* overdueUnpaid(deps: Deps, now: Date): AsyncGenerator<Order[]> {
  let left: { shard: string; start?: Item }[] = shardsOf("unpaid").map((shard) => ({ shard }));
  const limit = Math.ceil(LIMITS.largestPage / left.length);
  while (left.length > 0) {
    const pages = await Promise.all(left.map((one) => overduePage(deps, one, now, limit)));
    yield ordersNamed(
      deps,
      pages.flatMap(({ ids }) => ids),
    );
    left = pages.flatMap(({ shard, start }) => (start === undefined ? [] : [{ shard, start }]));
  }
}

async function overduePage(
  deps: Deps,
  { shard, start }: { shard: string; start?: Item },
  now: Date,
  limit: number,
): Promise<{ shard: string; ids: string[]; start: Item | undefined }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      IndexName: IN_REVIEW,
      KeyConditionExpression: "reviewQueue = :shard AND reviewSince <= :now",
      ExpressionAttributeValues: { ":shard": shard, ":now": now.toISOString() },
      Limit: limit,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    }),
  );
  return { shard, ids: (page.Items ?? []).map(orderIdIn), start: page.LastEvaluatedKey };
}
