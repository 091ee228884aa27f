import { spread } from "../kernel/ids.ts";
import { type Order, reservedIn } from "./model.ts";
import { isFinal } from "./states.ts";

/** The sparse index of unfinished orders, by the time at which somebody should have looked after them. */
export const UNFINISHED = "unfinished";

/**
 * A partition key of an index takes a thousand write units a second, and each unfinished order writes some: sixteen
 * shards take sixteen thousand.
 */
const SHARDS = 16;

const queueOf = (id: string): string => `care#${spread(id, SHARDS)}`;

/** Every shard of the index. */
export const careQueues: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => `care#${shard}`);

/**
 * Gives the attributes by which an order stands in the index; undefined: it doesn't. The time is only the first one:
 * the watch moves it on. An order that is sold in its answer pays nothing for the index. While it is `open` it is found
 * by its pending; if its process died before that, it holds nothing for long but a ticket, which the sweeper takes.
 */
export function careOf(order: Kept & Pick<Order, "id" | "placedAt">): Care | undefined {
  if (isFinal(order.state)) return undefined;
  if (order.state === "open" && !keepsWhatOthersWant(order)) return undefined;
  return { careQueue: queueOf(order.id), careAt: order.placedAt };
}

type Kept = Pick<Order, "state" | "lines" | "expiresAt" | "limited">;

/** Tells whether an order holds codes, has runs of its own, or counts towards a limit. No sweeper gives those back. */
function keepsWhatOthersWant({ lines, expiresAt, limited }: Kept): boolean {
  return expiresAt !== undefined || limited !== undefined || reservedIn(lines).length > 0;
}

export type Care = { careQueue: string; careAt: string };
