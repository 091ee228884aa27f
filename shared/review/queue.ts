import { type AuditRecord, trailOf } from "../audit/table.ts";
import type { Db } from "../aws/dynamo.ts";
import type { Line, Order } from "../orders/model.ts";
import { listReviews } from "../orders/read-queues.ts";
import { readOrder } from "../orders/table.ts";
import { choicesFor } from "./choices.ts";
import type { ReviewFilter } from "./decision.ts";
import type { ReviewSettings } from "./table.ts";

/** Shows a review: why, since when, what was tried, and what each decision would do. */
export function showReview(order: Order, settings: ReviewSettings, now: Date) {
  const { id, channelId, state, total, review, lines } = order;
  const ageSeconds = review === undefined ? 0 : Math.round((now.getTime() - Date.parse(review.since)) / 1000);
  const tried = lines.flatMap((line) => [
    ...(line.history ?? []),
    ...(line.attempt === undefined ? [] : [line.attempt]),
  ]);
  const { proposal, ...why } = review ?? {};
  const proposed =
    proposal === undefined ? {} : { proposal: { action: proposal.action, by: proposal.by, at: proposal.at } };
  return {
    orderId: id,
    channelId,
    state,
    total,
    ...why,
    ageSeconds,
    tried,
    ...proposed,
    choices: choicesFor(order, settings),
  };
}

export type ReviewDetails = { review: ReturnType<typeof showReview>; trail: AuditRecord[] };

/** Reads one review, with what was noted and decided about it so far. */
export async function readReview(
  deps: Db<"orders" | "audit">,
  orderId: string,
  settings: ReviewSettings,
  now: Date,
): Promise<ReviewDetails | undefined> {
  const order = await readOrder(deps, orderId);
  if (order?.review === undefined) return undefined;
  return { review: showReview(order, settings, now), trail: await trailOf(deps, orderId) };
}

type WhichLines = Pick<ReviewFilter, "supplierId" | "productId">;

/** Gives the lines of an order that wait for a person and match the filter's supplier and product. */
export function linesWaiting({ lines }: Order, { supplierId, productId }: WhichLines): Line[] {
  return lines.filter(
    (line) =>
      line.state === "review" &&
      (supplierId === undefined || line.attempt?.supplierId === supplierId) &&
      (productId === undefined || line.productId === productId),
  );
}

/** Tells whether a review matches a filter. Times are stored as RFC 3339 UTC, so they compare as texts. */
export function matches(order: Order, filter: ReviewFilter): boolean {
  const { review } = order;
  const { reason, supplierId, productId, since, before } = filter;
  if (review === undefined) return false;
  if (reason !== undefined && review.reason !== reason) return false;
  if (since !== undefined && review.since < since) return false;
  if (before !== undefined && review.since >= before) return false;
  const asksForLines = supplierId !== undefined || productId !== undefined;
  return !asksForLines || linesWaiting(order, filter).length > 0;
}

/** Reads a page of matching reviews, the oldest first. It may be short, because the filter is applied after reading. */
export async function listMatching(
  deps: Db<"orders">,
  filter: ReviewFilter,
  limit: number,
  after?: string,
): Promise<{ orders: Order[]; next: string | null }> {
  const { orders, next } = await listReviews(deps, limit, after);
  return { orders: orders.filter((order) => matches(order, filter)), next };
}
