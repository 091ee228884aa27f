import { spread } from "../kernel/ids.ts";
import { type Order, reservedIn } from "./model.ts";
import { isFinal } from "./states.ts";

/** The sparse index of orders that are not finished, by the time at which somebody should have looked after them. */
export const UNFINISHED = "unfinished";

/** A partition key of an index takes a thousand write units a second, and each unfinished order writes some: sixteen take sixteen thousand. */
const SHARDS = 16;

const queueOf = (id: string): string => `care#${spread(id, SHARDS)}`;

/** Every shard of the index. */
export const careQueues: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => `care#${shard}`);

/**
 * The attributes by which an order stands in the index. The time is only the first one, for the watch moves it on as it looks. An order
 * that is sold inline pays nothing for it: while it is `open`, it is found by its pending money, and if its process died before
 * setting any aside, it keeps nothing for long but a ticket, which the sweeper takes.
 */
export function careOf(order: Kept & Pick<Order, "id" | "placedAt">): Care | undefined {
  if (isFinal(order.state)) return undefined;
  if (order.state === "open" && !keepsWhatOthersWant(order)) return undefined;
  return { careQueue: queueOf(order.id), careAt: order.placedAt };
}

type Kept = Pick<Order, "state" | "lines" | "expiresAt" | "limited">;

/** Does it hold codes until it is paid, have runs that were cut off for it, or count towards a limit? No sweeper gives those back. */
function keepsWhatOthersWant({ lines, expiresAt, limited }: Kept): boolean {
  return expiresAt !== undefined || limited !== undefined || reservedIn(lines).length > 0;
}

export type Care = { careQueue: string; careAt: string };
