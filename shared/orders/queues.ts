import { spread } from "../kernel/ids.ts";
import type { Order } from "./model.ts";

// The sparse index of orders before a person, and, apart from them, of those that wait for their payment. Each queue is spread over
// shards, for a partition key of an index takes a thousand write units a second.

export const IN_REVIEW = "inReview";

/** An order comes into its queue by one write and leaves it by another: eight shards take four thousand orders a second. */
const SHARDS = 8;

type Queue = "open" | "unpaid";
const shardOf = (queue: Queue, id: string): string => `${queue}#${spread(id, SHARDS)}`;

/** Every value under which orders of a queue stand: its shards, and the one that an earlier version wrote. */
export const shardsOf = (queue: Queue): string[] => [
  queue,
  ...Array.from({ length: SHARDS }, (_, shard) => `${queue}#${shard}`),
];

/** The index holds an order only while it has these two; `open`: before a person · `unpaid`: it may expire, or is about to. */
export function queued({ id, state, expiresAt, review }: Order): { reviewQueue?: string; reviewSince?: string } {
  const isUnpaid = state === "awaiting_payment" || state === "expiring";
  if (isUnpaid && expiresAt !== undefined) return { reviewQueue: shardOf("unpaid", id), reviewSince: expiresAt };
  return review === undefined ? {} : { reviewQueue: shardOf("open", id), reviewSince: review.since };
}
