import { spread } from "../kernel/ids.ts";
import { type Order, reservedIn } from "./model.ts";
import { isFinal, isUnpaid } from "./states.ts";

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
export function careOf(order: Kept & Pick<Order, "id" | "placedAt" | "checkout">): Care | undefined {
  if (isFinal(order.state) || isOfItsPayment(order)) return undefined;
  if (order.state === "open" && !keepsWhatOthersWant(order)) return undefined;
  return { careQueue: queueOf(order.id), careAt: order.placedAt };
}

/**
 * Tells whether an order is looked after by its payment, which asks its provider and gives it up in time, and by the schedule of unpaid
 * orders. It needs no watch, and stands in the index of unpaid orders alone. When it is paid it is an order like any other.
 */
export const isOfItsPayment = ({ state, checkout }: Pick<Order, "state" | "checkout">): boolean =>
  checkout !== undefined && isUnpaid(state);

type Kept = Pick<Order, "state" | "lines" | "expiresAt" | "limited">;

/** Tells whether an order holds codes, has runs of its own, or counts towards a limit. No sweeper gives those back. */
function keepsWhatOthersWant({ lines, expiresAt, limited }: Kept): boolean {
  return expiresAt !== undefined || limited !== undefined || reservedIn(lines).length > 0;
}

export type Care = { careQueue: string; careAt: string };
