import type { Order } from "./model.ts";

/** A refund that its payment provider can't make: why, and since when that is known. */
export type StuckRefund = { refundId: string; paymentId: string; reason: string; since: string };

/** Why an order is before a person of which a payment provider can't give money back. */
const REFUND_REFUSED = "refund_refused";

/**
 * Puts an order before a person while a payment provider can't give money of it back, whatever else becomes of the order. A review of
 * something else comes first, because the order waits for that. Pure.
 */
export function withReviewOfStuck(order: Order): Order {
  const { stuck = [], review } = order;
  if (review !== undefined && review.refundId === undefined) return order;
  const [first] = stuck;
  if (first?.refundId === review?.refundId) return order;
  const { review: _over, ...rest } = order;
  return first === undefined ? rest : { ...rest, review: reviewOf(first) };
}

const reviewOf = ({ refundId, since }: StuckRefund): NonNullable<Order["review"]> => ({
  reason: REFUND_REFUSED,
  since,
  refundId,
});
