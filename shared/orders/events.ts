import type { DomainEvent } from "../events/catalogue.ts";
import { chargeDiffers, differenceOf } from "../suppliers/charges.ts";
import type { Attempt, Line, Order, Review } from "./model.ts";
import { isFinal } from "./states.ts";

/**
 * Gives the events of one change of an order. An order that is sold in its answer has none: its answer told it, and an
 * event for each sale would cost a tenth of the sale.
 */
export function eventsOf(before: Order | undefined, after: Order, at: string): DomainEvent[] {
  if (before === undefined) return [];
  const { id: orderId, channelId, review, decided } = after;
  const order = { orderId, channelId };
  const told = { occasion: `${orderId}@${after.version}`, at };
  const events: DomainEvent[] = [];
  if (decided !== undefined && JSON.stringify(decided) !== JSON.stringify(before.decided)) {
    const { action, by } = decided;
    events.push({ ...told, type: "order.review_decided", facts: { ...order, action, by } });
  }
  if (before.review !== undefined && review?.since !== before.review.since)
    events.push({ ...told, type: "order.review_closed", facts: order });
  if (review !== undefined && review.since !== before.review?.since) {
    const facts = { ...order, reason: review.reason, ...lineOf(review) };
    events.push({ ...told, type: "order.review_opened", facts });
  }
  for (const { id: lineId, attempt } of after.lines) {
    const earlier = before.lines.find(({ id }) => id === lineId)?.attempt;
    if (attempt?.outcome === "reversed" && earlier?.outcome !== "reversed")
      events.push({
        ...told,
        occasion: `${told.occasion}.${lineId}`,
        type: "order.reversed",
        facts: { ...order, lineId },
      });
  }
  events.push(...chargesIn(before, after, at));
  if (review?.escalatedAt !== undefined && before.review?.escalatedAt === undefined)
    events.push({ ...told, type: "order.overdue", facts: { ...order, ...lineOf(review) } });
  if (after.overdue && !before.overdue) events.push({ ...told, type: "order.overdue", facts: order });
  const rounds = after.refundedAt?.length ?? 0;
  if (rounds > (before.refundedAt?.length ?? 0) && after.state !== "cancelled")
    events.push({ ...told, type: "order.refunded", facts: { ...order, round: rounds } });
  if (after.state === "expired" && before.state !== "expired")
    events.push({ ...told, type: "order.expired", facts: order });
  const isDelivered = after.state === "fulfilled" || after.state === "partly_fulfilled";
  if (isDelivered && before.state !== "open" && !isFinal(before.state))
    events.push({ ...told, type: `order.${after.state}` as "order.fulfilled", facts: order });
  return events;
}

/**
 * Gives events of new charges that are not as agreed. The rest of a line that was delivered in part carries the same
 * attempt; the line before it has told of its charge.
 */
function chargesIn(before: Order, after: Order, at: string): DomainEvent[] {
  const known = new Set(before.lines.flatMap(attemptsOf).flatMap((one) => (one.charged ? one.reference : [])));
  const events: DomainEvent[] = [];
  for (const { attempt, quantity } of after.lines) {
    if (attempt?.charged === undefined || known.has(attempt.reference)) continue;
    known.add(attempt.reference);
    const how = differenceOf(attempt.cost, quantity, attempt.charged);
    if (how !== undefined) events.push(chargeDiffers(attempt, how, at));
  }
  return events;
}

const attemptsOf = ({ attempt, history = [] }: Line): Attempt[] => [
  ...history,
  ...(attempt === undefined ? [] : [attempt]),
];

const lineOf = ({ lineId }: Review): { lineId?: string } => (lineId === undefined ? {} : { lineId });
