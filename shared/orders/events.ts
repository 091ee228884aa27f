import type { EventsOf } from "../events/event.ts";
import { isEnd, type OrderCase } from "./cases.ts";
import type { orderEvents } from "./event-schemas.ts";
import { type Order, REFUND_PROPOSED, type Review } from "./model.ts";
import { countedPayment } from "./payers.ts";
import { isFinal } from "./states.ts";

export type OrderEvent = EventsOf<typeof orderEvents>;

/** An event of an order, without its time: the write that makes it true does not know the stream's. */
export type OrderNews = { [E in OrderEvent as E["type"]]: Omit<E, "at"> }[OrderEvent["type"]];

/**
 * Gives the events of one change of an order, in their order. The write that makes the change counts them, and the reader
 * of the stream finds the same ones by comparing the same two states: so it only looks at what is in both.
 */
export function eventsOf(before: Order | undefined, after: Order): OrderNews[] {
  const { id: orderId, channelId, decided } = after;
  const [reviewBefore, review] = [toldReview(before), toldReview(after)];
  const order = { orderId, channelId };
  const occasion = `${orderId}@${after.version}`;
  const events: OrderNews[] = [];
  const tell = (event: Omit<OrderNews, "occasion">): void => {
    events.push({ occasion, ...event } as OrderNews);
  };
  if (after.epoch !== before?.epoch) tell({ type: "order.placed", facts: { ...order, epoch: after.epoch } });
  if (isPaid(after) && !(before !== undefined && isPaid(before))) tell({ type: "order.paid", facts: order });
  if (decided !== undefined && (decided.at !== before?.decided?.at || decided.action !== before.decided.action))
    tell({ type: "order.review_decided", facts: { ...order, action: decided.action, by: decided.by } });
  if (reviewBefore !== undefined && review?.since !== reviewBefore.since)
    tell({ type: "order.review_closed", facts: order });
  if (review !== undefined && review.since !== reviewBefore?.since)
    tell({ type: "order.review_opened", facts: { ...order, reason: review.reason, ...lineOf(review) } });
  for (const { id: lineId, attempt } of after.lines) {
    const earlier = before?.lines.find(({ id }) => id === lineId)?.attempt;
    if (attempt?.outcome === "reversed" && earlier?.outcome !== "reversed")
      events.push({ type: "order.reversed", occasion: `${occasion}.${lineId}`, facts: { ...order, lineId } });
  }
  if (review?.escalatedAt !== undefined && reviewBefore?.escalatedAt === undefined)
    tell({ type: "order.overdue", facts: { ...order, ...lineOf(review) } });
  else if (after.overdue && !before?.overdue) tell({ type: "order.overdue", facts: order });
  const rounds = after.refundedAt?.length ?? 0;
  if (rounds > (before?.refundedAt?.length ?? 0) && after.state !== "cancelled")
    tell({ type: "order.refunded", facts: { ...order, round: rounds } });
  for (const one of after.cases ?? []) events.push(...eventsOfCase(before, one, order, occasion));
  events.push(...endOf(before, after, occasion));
  return events;
}

/** Gives the events of a case: it was opened; it has ended. One that a rule decides at once does both in one change. */
function eventsOfCase(
  before: Order | undefined,
  { id: caseId, lineId, kind, state, reason }: OrderCase,
  order: { orderId: string; channelId: string },
  occasion: string,
): OrderNews[] {
  const earlier = before?.cases?.find(({ id }) => id === caseId);
  const facts = { ...order, lineId, caseId };
  const events: OrderNews[] = [];
  const of = `${occasion}.${caseId}`;
  if (earlier === undefined) events.push({ type: "order.case_opened", occasion: of, facts: { ...facts, kind } });
  if (isEnd(state) && (earlier === undefined || !isEnd(earlier.state)))
    events.push({
      type: "order.case_closed",
      occasion: of,
      facts: { ...facts, outcome: state, ...(reason === undefined ? {} : { reason }) },
    });
  return events;
}

/** Gives the review that outsiders hear of. Until two people have decided, a refund is nobody else's business. */
export const toldReview = (order: Order | undefined): Review | undefined =>
  order?.review?.reason === REFUND_PROPOSED ? undefined : order?.review;

/** Tells whether the balance has paid, with the sale, or somebody at a provider, before it. */
const isPaid = (order: Order): boolean => order.fundedAt !== undefined || countedPayment(order) !== undefined;

/** Gives the event of the end that an order has come to, if this change brought it there. */
function endOf(before: Order | undefined, { state, refusal, ...after }: Order, occasion: string): OrderNews[] {
  if (before === undefined || state === before.state || isToldAlready(before)) return [];
  const order = { orderId: after.id, channelId: after.channelId };
  switch (state) {
    case "fulfilled":
    case "partly_fulfilled":
      return isFinal(before.state) ? [] : [{ type: `order.${state}`, occasion, facts: order }];
    case "expired":
      return [{ type: "order.expired", occasion, facts: order }];
    case "cancelled":
    case "refused": {
      const why = state === "refused" && refusal !== undefined ? { refusal } : {};
      return [{ type: "order.cancelled", occasion, facts: { ...order, ...why } }];
    }
    default:
      return [];
  }
}

/** Tells whether an order was delivered before the round of refunds that this change ends. */
const isToldAlready = ({ state, reopened }: Order): boolean => state === "refunding" && reopened === true;

const lineOf = ({ lineId }: Review): { lineId?: string } => (lineId === undefined ? {} : { lineId });

/** Gives the order with the count of its events as this change makes it. `before` is the order as it lies in the table. */
export function counted(before: Order | undefined, after: Order): Order {
  const told = (before?.told ?? 0) + eventsOf(before, after).length;
  return told === 0 ? after : { ...after, told };
}
