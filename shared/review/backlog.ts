import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { queuedReviews } from "../orders/table.ts";

/** How many orders are before a person, counted to `LIMITS.largestPage`, and for how many seconds the oldest has been. */
export type Backlog = { orders: number; oldestSeconds: number };

/** Looks at the index of reviews, the oldest first. It may be a moment behind. */
export async function reviewBacklog(deps: Db<"orders"> & { clock: Clock }): Promise<Backlog> {
  const { items } = await queuedReviews(deps, LIMITS.largestPage);
  const since: unknown = items[0]?.["reviewSince"];
  const oldestSeconds = typeof since === "string" ? (deps.clock().getTime() - Date.parse(since)) / 1000 : 0;
  return { orders: items.length, oldestSeconds: Math.max(0, oldestSeconds) };
}
