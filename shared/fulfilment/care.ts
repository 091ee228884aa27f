import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Item } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { LIMITS } from "../kernel/limits.ts";
import { orderIdIn } from "../orders/table.ts";
import { careQueues, UNFINISHED } from "../orders/unfinished.ts";
import { beginWatch, type WatchDeps } from "./watch.ts";

/** Each order is a write and a message, about 20 ms together. */
const ORDERS_AT_ONCE = 10;

/**
 * Begins a watch of every unfinished order that nobody has looked after in time, the oldest first: its stream record or
 * a message of its watch was lost. At most `LIMITS.ordersPerCare` orders of each shard in one call. Beginning a watch
 * moves an order to the end of its shard, so one that always fails keeps no others waiting. Returns how many were
 * begun.
 */
export async function careForUnfinished(
  deps: WatchDeps,
  failed: (orderId: string, error: unknown) => void = rethrow,
): Promise<number> {
  const shards = await Promise.all(careQueues.map((queue) => overdueIn(deps, queue)));
  const orderIds = shards.flat();
  const begun = await inParallel(ORDERS_AT_ONCE, orderIds, async (orderId) => {
    try {
      await beginWatch(deps, orderId, 0);
      return 1;
    } catch (error) {
      failed(orderId, error);
      return 0;
    }
  });
  return begun.reduce<number>((sum, one) => sum + one, 0);
}

async function overdueIn(deps: Db<"orders"> & Pick<WatchDeps, "clock">, queue: string): Promise<string[]> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      IndexName: UNFINISHED,
      KeyConditionExpression: "careQueue = :queue AND careAt <= :before",
      ExpressionAttributeValues: {
        ":queue": queue,
        ":before": after(deps.clock(), -LIMITS.lookMissedSeconds),
      },
      Limit: LIMITS.ordersPerCare,
    }),
  );
  return (page.Items ?? []).map((item: Item) => orderIdIn(item));
}

function rethrow(_orderId: string, error: unknown): never {
  throw error;
}
