import { spread } from "../kernel/ids.ts";
import type { Order } from "./model.ts";
import { isUnpaid } from "./states.ts";

// The sparse index of orders that wait for a person, and of orders that wait for payment. Each of the two queues is
// spread over shards: a partition key of an index takes a thousand write units a second.

export const IN_REVIEW = "inReview";

/** An order enters its queue by one write and leaves it by another: eight shards take four thousand orders a second. */
const SHARDS = 8;

type Queue = "open" | "unpaid";
const shardOf = (queue: Queue, id: string): string => `${queue}#${spread(id, SHARDS)}`;

/** Every key under which orders of a queue stand: its shards, and the key that an earlier version wrote. */
export const shardsOf = (queue: Queue): string[] => [
  queue,
  ...Array.from({ length: SHARDS }, (_, shard) => `${queue}#${shard}`),
];

/**
 * Gives the two attributes by which an order stands in the index. `open`: it waits for a person. `unpaid`: it may
 * expire, or is about to. An order that waits for its buyer's payment pays nothing for the index: its payment is due when its time ends.
 */
export function queued(order: Order): { reviewQueue?: string; reviewSince?: string } {
  const { id, state, expiresAt, review } = order;
  if (isLookedAfter(order)) return {};
  if (isUnpaid(state) && expiresAt !== undefined) return { reviewQueue: shardOf("unpaid", id), reviewSince: expiresAt };
  return review === undefined ? {} : { reviewQueue: shardOf("open", id), reviewSince: review.since };
}

/** Tells whether an order waits for its buyer's payment, and that is due until the order waits no more, or stands alone. */
export const isLookedAfter = ({ state, checkout, alone }: Pick<Order, "state" | "checkout" | "alone">): boolean =>
  state === "awaiting_payment" && checkout !== undefined && alone === undefined;

/** Where a page of a list of orders ends: the time that the list is sorted by, and the order. */
export const ORDERS_BY_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z#ord_[0-9a-z]{26}$/;
