import { spread } from "../kernel/ids.ts";
import type { Order } from "./model.ts";
import { isFinal } from "./states.ts";

/** The sparse index of orders that are not finished, by the time at which somebody should have looked after them. */
export const UNFINISHED = "unfinished";

/** A partition key of an index takes a thousand write units a second, and each unfinished order writes some: sixteen take sixteen thousand. */
const SHARDS = 16;

const queueOf = (id: string): string => `care#${spread(id, SHARDS)}`;

/** Every shard of the index. */
export const careQueues: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => `care#${shard}`);

/**
 * The attributes by which an order stands in the index. An order that is sold inline pays nothing for it: while it is `open`, its
 * money is pending, and that is how it is found. The time is only the first one, for the watch moves it on as it looks.
 */
export function careOf({ id, state, placedAt }: Pick<Order, "id" | "state" | "placedAt">): Care | undefined {
  return state === "open" || isFinal(state) ? undefined : { careQueue: queueOf(id), careAt: placedAt };
}

export type Care = { careQueue: string; careAt: string };
