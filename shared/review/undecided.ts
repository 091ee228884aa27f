import { recorded } from "../audit/records.ts";
import type { Db } from "../aws/dynamo.ts";
import { mayBeDelivered } from "../fulfilment/outcome.ts";
import { type WakeDeps, wakeUp } from "../fulfilment/wake-up.ts";
import { after } from "../kernel/clock.ts";
import type { OrderDeps } from "../orders/deps.ts";
import type { Line, Order, Review } from "../orders/model.ts";
import { moveOrder } from "../orders/table.ts";
import { refundLines } from "./refund.ts";
import { refundable } from "./second-person.ts";
import { readReviewSettings } from "./settings.ts";

export type UndecidedDeps = OrderDeps & WakeDeps & Db<"operations" | "audit">;

/** The name in the audit trail of the rule that decides when nobody does. */
const THE_RULE = "rule:undecided";

/**
 * What the rule did. `refunded`: what could be · `escalated`: something may still be delivered, so only a person may
 * give it up.
 */
export type ByRule = "nothing_due" | "refunded" | "escalated";

/**
 * Refunds what nobody has decided in time: lines with a definite no or without a source; and, of an order whose runs
 * only break, whatever nobody has begun to buy. A line that its supplier may still deliver is not refunded, because
 * then we might pay for both goods and refund: it is marked, once, and told as overdue. A late run and this rule both
 * change the order on condition that it is as they read it: one of them wins.
 */
export async function refundUndecided(deps: UndecidedDeps, order: Order): Promise<ByRule> {
  const { review } = order;
  if (review === undefined || order.state !== "review") return "nothing_due";
  const { decideWithinSeconds } = await readReviewSettings(deps);
  const isDue = deps.clock().toISOString() >= after(new Date(review.since), decideWithinSeconds);
  if (!isDue) return "nothing_due";
  // The review of a line is about the lines that wait for a person; that of a broken run is about everything that is
  // not delivered.
  const isBroken = review.execution !== undefined;
  const undecided = isBroken ? refundable(order) : order.lines.filter(({ state }) => state === "review");
  const givenUp = undecided.filter((line) => !mayBeDelivered(line));
  return givenUp.length > 0
    ? refundBy(deps, order, review, givenUp, decideWithinSeconds)
    : escalate(deps, order, review);
}

async function refundBy(
  deps: UndecidedDeps,
  order: Order,
  review: Review,
  lines: readonly Line[],
  seconds: number,
): Promise<ByRule> {
  const at = deps.clock().toISOString();
  const note = `nobody decided within ${seconds} s`;
  const requestId = `undecided-${review.since}`;
  const entry = { subject: order.id, at, action: "review_refund", by: THE_RULE, requestId, note };
  const refunded = await recorded(deps, entry, () => refundLines(deps, order, lines, "rule"));
  await wakeUp(deps, order.id);
  return refunded.ok ? "refunded" : "nothing_due";
}

async function escalate(deps: UndecidedDeps, order: Order, review: Review): Promise<ByRule> {
  if (review.escalatedAt !== undefined) return "nothing_due";
  const escalatedAt = deps.clock().toISOString();
  const moved = await moveOrder(deps, order, { review: { ...review, escalatedAt } });
  return moved.ok ? "escalated" : "nothing_due";
}
