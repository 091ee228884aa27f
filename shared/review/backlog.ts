import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { IN_REVIEW } from "../orders/table.ts";

/** How many orders are before a person, counted to `LIMITS.largestPage`, and for how many seconds the oldest has been. */
export type Backlog = { orders: number; oldestSeconds: number };

/** Looks at the index of reviews, the oldest first. It may be a moment behind. */
export async function reviewBacklog(deps: Db<"orders"> & { clock: Clock }): Promise<Backlog> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      IndexName: IN_REVIEW,
      KeyConditionExpression: "reviewQueue = :open",
      ExpressionAttributeValues: { ":open": "open" },
      Limit: LIMITS.largestPage,
    }),
  );
  const waiting = page.Items ?? [];
  const since: unknown = waiting[0]?.["reviewSince"];
  const oldestSeconds = typeof since === "string" ? (deps.clock().getTime() - Date.parse(since)) / 1000 : 0;
  return { orders: waiting.length, oldestSeconds: Math.max(0, oldestSeconds) };
}
