import { fingerprintOf } from "../kernel/ids.ts";
import { type Line, lineTotal, type Order } from "../orders/model.ts";
import type { Decision } from "./decision.ts";
import { type ReviewSettings, twoPeopleFrom } from "./settings.ts";

/** The lines that a refund gives back: those named, or all that can still be given back. */
export function refundable(order: Order, named?: readonly string[]): Line[] {
  const undelivered = order.lines.filter((line) => !["fulfilled", "returned", "unwinding"].includes(line.state));
  return named === undefined ? undelivered : undelivered.filter((line) => named.includes(line.id));
}

/** What a decision gives away, in minor units of the order's currency: money, or goods worth it. */
export function amountAtStake(order: Order, decision: Decision): number {
  switch (decision.action) {
    case "refund":
      return totalOf(refundable(order, decision.lines));
    case "replace":
      return totalOf(order.lines.filter(({ id }) => id === decision.lineId));
    // A retry gets what was paid for, and a note nothing.
    case "retry":
    case "note":
      return 0;
  }
}

const totalOf = (lines: readonly Line[]): number => lines.reduce((total, line) => total + lineTotal(line), 0);

export function needsTwo(order: Order, decision: Decision, settings: ReviewSettings): boolean {
  return amountAtStake(order, decision) >= twoPeopleFrom(settings, order.total.currency);
}

/** Two people decide the same when this is equal; their reasons may differ. */
export function substanceOf(decision: Decision): string {
  const { reason: _reason, ...substance } = decision;
  return fingerprintOf(substance);
}
