import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Item } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { LIMITS } from "../kernel/limits.ts";
import { FOR_A_PERSON, type Payment } from "./model.ts";
import { readPayment } from "./payments.ts";
import { askToFollow, type PaymentQueue } from "./queue.ts";
import { dueQueues, paymentIdIn } from "./table.ts";

/** The index of the orders table in which payments stand that wait for something. */
const INDEX = "unfinished";

/** A payment as the index names it, and when it was due. */
type Due = { id: string; at: string };

/** Reads which payments were due before a moment, the oldest first; so many of each shard. The index may be a moment behind. */
async function dueBefore(deps: Db<"orders">, before: string, perShard: number): Promise<Due[]> {
  const shards = await Promise.all(dueQueues.map((queue) => dueIn(deps, queue, before, perShard)));
  return shards.flat().toSorted((a, b) => a.at.localeCompare(b.at));
}

/** Messages sent at once. */
const AT_ONCE = 50;

/**
 * Has every payment looked at that is due: its notification was lost, its time is over, or money is on its way back. At most
 * `LIMITS.paymentsPerCare` of each shard in one call. Returns how many, and since when the oldest of them has been due.
 */
export async function carePayments(
  deps: Db<"orders"> & PaymentQueue & { clock: Clock },
): Promise<{ due: number; oldestSeconds: number }> {
  const now = deps.clock();
  const due = await dueBefore(deps, now.toISOString(), LIMITS.paymentsPerCare);
  await inParallel(AT_ONCE, due, ({ id: paymentId }) => askToFollow(deps, { paymentId }));
  const [oldest] = due;
  return {
    due: due.length,
    oldestSeconds: oldest === undefined ? 0 : Math.max(0, (now.getTime() - Date.parse(oldest.at)) / 1000),
  };
}

async function dueIn(deps: Db<"orders">, queue: string, before: string, limit: number): Promise<Due[]> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      IndexName: INDEX,
      KeyConditionExpression: "careQueue = :queue AND careAt <= :before",
      ExpressionAttributeValues: { ":queue": queue, ":before": before },
      Limit: limit,
    }),
  );
  return (page.Items ?? []).map((item: Item) => ({ id: paymentIdIn(item), at: String(item["careAt"]) }));
}

/** Reads payments that wait for something or somebody, those that are due first; at most `limit`. */
export async function waitingPayments(deps: Db<"orders">, limit: number): Promise<Payment[]> {
  const due = (await dueBefore(deps, FOR_A_PERSON, limit)).slice(0, limit);
  const read = await Promise.all(due.map(({ id }) => readPayment(deps, id)));
  return read.filter((payment) => payment !== undefined);
}
