import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { queuedReviews } from "../orders/read-queues.ts";

/** How many orders wait for a person, counted up to `LIMITS.largestPage`, and for how many seconds the oldest has. */
export type Backlog = { orders: number; oldestSeconds: number };

/** Reads the index of reviews, the oldest first. It may be a moment behind. */
export async function reviewBacklog(deps: Db<"orders"> & { clock: Clock }): Promise<Backlog> {
  const { queued } = await queuedReviews(deps, LIMITS.largestPage);
  const [oldest] = queued;
  const oldestSeconds = oldest === undefined ? 0 : (deps.clock().getTime() - Date.parse(oldest.since)) / 1000;
  return { orders: queued.length, oldestSeconds: Math.max(0, oldestSeconds) };
}
