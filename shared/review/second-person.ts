import { fingerprintOf } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import { type Line, type Order } from "../orders/model.ts";
import { piecesLeft, worthOf } from "../orders/shares.ts";
import type { Decision } from "./decision.ts";
import { twoPeopleFrom } from "./settings.ts";
import type { ReviewSettings } from "./table.ts";

/** Gives the lines that a refund gives back: those named, or all that can still be given back. */
export function refundable(order: Order, named?: readonly string[]): Line[] {
  const undelivered = order.lines.filter((line) => !["fulfilled", "returned", "unwinding"].includes(line.state));
  return named === undefined ? undelivered : undelivered.filter((line) => named.includes(line.id));
}

/**
 * What a decision gives away, one amount for each currency. `isKnown` is false if nobody can say what the goods are
 * worth.
 */
export type Stake = { amounts: readonly Money[]; isKnown: boolean };

/** Gives what was paid for the lines of a decision. A refund gives it back; a replacement gives goods for it. */
export function paidFor(order: Order, decision: Decision): Money {
  const { currency } = order.total;
  switch (decision.action) {
    case "refund":
      return { amount: totalOf(refundable(order, decision.lines)), currency };
    case "replace":
      return { amount: totalOf(order.lines.filter(({ id }) => id === decision.lineId)), currency };
    // A retry gets what was paid for; a note or a rejection gives nothing.
    case "retry":
    case "note":
    case "reject":
      return { amount: 0, currency };
  }
}

/** Gives what was paid for all of lines that did not go back before. */
const totalOf = (lines: readonly Line[]): number => worthOf(lines.map((line) => ({ line, pieces: piecesLeft(line) })));

/** Gives the largest amount of each currency. */
export function largestOfEach(amounts: readonly Money[]): Money[] {
  return [...Map.groupBy(amounts, ({ currency }) => currency)].map(([currency, alike]) => ({
    amount: Math.max(...alike.map(({ amount }) => amount)),
    currency,
  }));
}

/**
 * Tells whether a decision takes two people: if what was decided on this order before, and what is given away now,
 * reach the limit of their currency. So a large amount can't be decided in small pieces. It also takes two if the worth
 * is unknown.
 */
export function needsTwo(order: Order, { amounts, isKnown }: Stake, settings: ReviewSettings): boolean {
  const over = amounts.filter(
    ({ amount, currency }) =>
      amount > 0 && amount + decidedBefore(order, currency) >= twoPeopleFrom(settings, currency),
  );
  return !isKnown || over.length > 0;
}

/**
 * Gives what was given away on this order so far. Orders that were decided before this was counted show it by their
 * lines.
 */
function decidedBefore({ decidedWorth = {}, lines, total }: Order, currency: string): number {
  const counted = decidedWorth[currency] ?? 0;
  if (currency !== total.currency) return counted;
  const back = lines.flatMap(({ back: before, leaving, ...line }) => {
    const all = line.state === "returned" || line.state === "unwinding";
    return { line, pieces: all ? line.quantity : (before?.pieces ?? 0) + (leaving?.pieces ?? 0) };
  });
  return Math.max(counted, worthOf(back));
}

/** Adds amounts to the order's count of what people have given away. */
export function addedWorth(
  { decidedWorth = {} }: Order,
  amounts: readonly Money[],
): Required<Pick<Order, "decidedWorth">> {
  const sum: Record<string, number> = { ...decidedWorth };
  for (const { amount, currency } of amounts) sum[currency] = (sum[currency] ?? 0) + amount;
  return { decidedWorth: sum };
}

/** Makes a text that is equal when two people decide the same. Their reasons may differ. */
export function substanceOf(decision: Decision): string {
  const { reason: _reason, ...substance } = decision;
  return fingerprintOf(substance);
}
