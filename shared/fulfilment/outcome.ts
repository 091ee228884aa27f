import { isStocked } from "../catalog/kinds.ts";
import type { Ticket } from "../inventory/model.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Attempt, didNothing, type Line, mayStillDeliver, type Order } from "../orders/model.ts";
import { partOf } from "../orders/shares.ts";
import { isFinal, stateFrom } from "../orders/states.ts";
import type { Change } from "../orders/table.ts";
import type { Outcome, SupplierAdapter } from "../suppliers/contract.ts";

export type Policy = Pick<SupplierAdapter, "repeatSafe" | "inFlightSeconds" | "firstAskSeconds">;

/** The goods of an answer, after they were stored. `duplicates` were known before. */
export type Stored = { tickets: readonly Ticket[]; duplicates: number };
const NOTHING_STORED: Stored = { tickets: [], duplicates: 0 };

/** How often one attempt is placed in vain before a person talks to the supplier. */
const PLACES_PER_ATTEMPT = 5;

/**
 * Applies a supplier's answer to a line. Pure. A late answer never turns a delivered line into anything else, unless
 * the supplier took the delivery back. A line of which a part was delivered shrinks to that part, and to its share of the
 * price: `linesAfter` makes a line of the rest.
 */
export function applyOutcome(
  line: Line,
  outcome: Outcome,
  policy: Policy,
  now: Date,
  stored: Stored = NOTHING_STORED,
): Line {
  const { attempt } = line;
  if (attempt !== undefined && outcome.kind === "reversed" && mayBeReversed(line)) return reversed(line, attempt);
  if (attempt === undefined || !isUnresolved(line)) return line;
  // A line that waits for a person changes only by a definite answer.
  if (line.state === "review" && !isDefinite(outcome)) return line;
  const { waits: _over, ...listening } = line;
  const { nextAskAt: _asked, ...asked } = attempt;
  const heard: Attempt = {
    ...asked,
    outcome: outcome.kind,
    ...("reason" in outcome ? { reason: outcome.reason } : {}),
    ...("supplierOrderId" in outcome && outcome.supplierOrderId !== undefined
      ? { supplierOrderId: outcome.supplierOrderId }
      : {}),
    ...("charged" in outcome && outcome.charged !== undefined ? { charged: outcome.charged } : {}),
  };
  switch (outcome.kind) {
    case "fulfilled":
      return delivered(listening, heard, line.quantity, stored);
    case "partly":
      return outcome.delivered > 0
        ? delivered(listening, heard, Math.min(outcome.delivered, line.quantity), stored)
        : refused(listening, { ...heard, outcome: "rejected", reason: "nothing_delivered" });
    case "rejected":
      return refused(listening, heard);
    case "reversed":
      return reversed(listening, heard);
    case "accepted":
      return accepted(listening, heard, policy, now);
    case "not_sent":
      return notSent(line, heard, outcome.retryAfterSeconds, now);
    case "unknown":
      return askLater(listening, heard, now);
    case "never_heard":
      return neverHeard(listening, heard, policy, now);
  }
}

/** Tells whether an answer ends the attempt, whatever else is known of it. */
export function isDefinite({ kind }: Outcome): boolean {
  return kind === "fulfilled" || kind === "partly" || kind === "rejected" || kind === "reversed";
}

/** Tells whether a line was delivered by its supplier, so that the supplier could still take it back. */
export function mayBeReversed({ state, attempt }: Line): boolean {
  return attempt !== undefined && state === "fulfilled";
}

/**
 * Tells whether the supplier has taken the line back. Then nothing more comes, and nothing may be bought again without
 * the buyer.
 */
export function wasReversed({ attempt }: Line): boolean {
  return attempt?.outcome === "reversed";
}

/**
 * Reads an answer about a delivered line. A supplier that now denies the delivery, or a part of it, has taken it back.
 * Anything else is no news: undefined.
 */
export function takenBack(line: Line, outcome: Outcome): Outcome | undefined {
  const isLess = outcome.kind === "partly" && outcome.delivered < line.quantity;
  if (outcome.kind !== "reversed" && outcome.kind !== "rejected" && !isLess) return undefined;
  const { supplierOrderId } = outcome;
  return { kind: "reversed", ...(supplierOrderId === undefined ? {} : { supplierOrderId }) };
}

/**
 * Puts the line before a person. Its codes stay sold to the order: they were seen, so they must not come back into
 * stock.
 */
function reversed(line: Line, attempt: Attempt): Line {
  const { tickets: _seen, ...rest } = line;
  return { ...rest, state: "review", attempt: { ...attempt, outcome: "reversed", reason: "reversed" } };
}

/** Tells whether the supplier may still deliver under the line's attempt. */
export function isUnresolved({ state, attempt }: Line): boolean {
  if (state === "placing" || state === "accepted" || state === "unknown") return true;
  return state === "review" && attempt !== undefined && mayStillDeliver(attempt);
}

/** Tells the same about earlier attempts too: an operator may have replaced one that had no answer. */
export function mayBeDelivered(line: Line): boolean {
  return isUnresolved(line) || (line.history ?? []).some(mayStillDeliver);
}

function delivered(line: Line, heard: Attempt, pieces: number, { tickets, duplicates }: Stored): Line {
  const { reason: _reason, ...done } = heard;
  const got = pieces === line.quantity ? line : partOf(line, 0, pieces);
  if (!isStocked(line.kind)) return { ...got, state: "fulfilled", attempt: done };
  if (duplicates > 0) return { ...line, state: "review", attempt: { ...heard, reason: "duplicate_code" } };
  if (tickets.length < pieces) return { ...line, state: "review", attempt: { ...heard, reason: "goods_missing" } };
  return { ...got, state: "fulfilled", tickets: tickets.slice(0, pieces), attempt: done };
}

/** Applies a definite no: the line is open to the next source. A line that waits for a person stays there. */
function refused(line: Line, heard: Attempt): Line {
  if (line.state === "review") return { ...line, attempt: heard };
  const { attempt: _attempt, ...rest } = line;
  return { ...rest, state: "open", history: [...(line.history ?? []), heard] };
}

/**
 * Applies "accepted": a callback will say more. A callback may be slow, lost or made up, so the supplier is also asked,
 * before its time is over.
 */
function accepted(line: Line, heard: Attempt, { firstAskSeconds }: Policy, now: Date): Line {
  if (now.toISOString() >= heard.deadline)
    return { ...line, state: "review", attempt: { ...heard, reason: "no_answer" } };
  // Asked early, because of a callback. The supplier's answers may be a moment behind its callbacks, so the next
  // question comes soon.
  const isEarly = (line.attempt?.nextAskAt ?? "") > now.toISOString();
  const wait = isEarly ? firstAskSeconds : growing(firstAskSeconds, heard.asked, longestAsk(heard, now));
  const asked = isEarly ? heard.asked : heard.asked + 1;
  return { ...line, state: "accepted", attempt: { ...heard, asked, nextAskAt: after(now, wait) } };
}

/**
 * Applies "not sent": this call did nothing. What an earlier one did under the same reference is as open as before. A
 * supplier may ask for a longer wait than ours, but not for a shorter one, because each call fills the run's history. A
 * line whose calls do nothing for an hour goes to a person.
 */
function notSent(line: Line, heard: Attempt, retryAfterSeconds: number | undefined, now: Date): Line {
  const before = heard.notSent ?? 0;
  const wait = Math.max(retryAfterSeconds ?? 0, growing(LIMITS.firstRetrySeconds, before, LIMITS.longestRetrySeconds));
  const attempt = { ...heard, notSent: before + 1, retryAt: after(now, wait) };
  if (!didNothing(attempt)) return { ...line, state: "unknown", attempt };
  // Another source may be tried at once.
  const waits = { since: line.waits?.since ?? now.toISOString(), until: now.toISOString() };
  const open: Line = { ...line, state: "open", attempt, waits };
  return hasWaitedLong(waits, now) ? noSourceLeft(open) : open;
}

/** Tells whether a line has waited for its sources for an hour. */
export function hasWaitedLong({ since }: NonNullable<Line["waits"]>, now: Date): boolean {
  return after(new Date(since), LIMITS.sourceWaitSeconds) <= now.toISOString();
}

/**
 * Gives the longest wait until the next question. It grows with age: a supplier may take a week, and each question
 * fills the run's history.
 */
const longestAsk = ({ placedAt }: Attempt, now: Date): number =>
  Math.max(LIMITS.longestAskSeconds, (now.getTime() - Date.parse(placedAt)) / 1000 / LIMITS.askEachShareOfAge);

const growing = (first: number, times: number, longest: number): number => Math.min(first * 2 ** times, longest);

function askLater(line: Line, before: Attempt, now: Date, earliest = now): Line {
  // Doubt begins with the first question that was not answered, however long the supplier had for its work.
  const heard = line.state === "accepted" ? { ...before, unknownUntil: after(now, before.unknownSeconds) } : before;
  if (now.toISOString() >= heard.unknownUntil) {
    return { ...line, state: "review", attempt: { ...heard, reason: heard.reason ?? "unknown_outcome" } };
  }
  const due = after(now, growing(LIMITS.firstAskSeconds, heard.asked, longestAsk(heard, now)));
  const nextAskAt = due > earliest.toISOString() ? due : earliest.toISOString();
  return { ...line, state: "unknown", attempt: { ...heard, asked: heard.asked + 1, nextAskAt } };
}

/**
 * Applies "never heard of it". The request may still be on its way, so the supplier's window is waited out. After that
 * the same reference goes to the same supplier again, if that is safe; if not, a person decides.
 */
function neverHeard(line: Line, heard: Attempt, policy: Policy, now: Date): Line {
  // A supplier that took the order and now denies it: a person talks to it, and it isn't asked for another.
  if (heard.supplierOrderId !== undefined)
    return { ...line, state: "review", attempt: { ...heard, reason: "contradiction" } };
  const windowEnd = new Date(Date.parse(heard.placedAt) + policy.inFlightSeconds * 1000);
  if (now < windowEnd) return askLater(line, heard, now, windowEnd);
  const mayRepeat = policy.repeatSafe && heard.placed < PLACES_PER_ATTEMPT;
  return mayRepeat
    ? { ...line, state: "open", attempt: heard }
    : { ...line, state: "review", attempt: { ...heard, reason: "never_heard" } };
}

/**
 * Gives the order's lines after one of them became `next`. If the line shrank, the rest is a line of its own, open to
 * other sources. Its number is higher than all others, so that its references are new.
 */
export function linesAfter(lines: readonly Line[], before: Line, next: Line): Line[] {
  const changed = lines.map((line) => (line.id === next.id ? next : line));
  const missing = before.quantity - next.quantity;
  if (missing === 0) return changed;
  const { attempt: _attempt, tickets: _tickets, history = [], restOf = before.id, ...rest } = before;
  const tried = next.attempt === undefined ? history : [...history, next.attempt];
  const id = String(lines.length + 1);
  return [...changed, { ...partOf(rest, next.quantity, missing), id, restOf, state: "open", history: tried }];
}

/**
 * Puts a line before a person because no source is left. The person sees the last refusal; none of the refusals counts
 * any more when the line is tried again.
 */
export function noSourceLeft(line: Line): Line {
  const { waits: _over, history = [], attempt = history.at(-1), ...rest } = line;
  if (attempt === undefined) return { ...rest, state: "review" };
  const earlier = line.attempt === undefined ? history.slice(0, -1) : history;
  const kept = earlier.length > 0 ? { history: earlier } : {};
  return { ...rest, ...kept, state: "review", attempt, forgiven: earlier.length + 1 };
}

/** Gives the order's state and review as its lines demand. Any progress ends the review of a broken run. */
export function settled(order: Order, lines: Line[], now: Date): Change {
  const reached = stateFrom(lines);
  // An order is not over while codes that it dropped are on their way back.
  const state = order.dropped !== undefined && isFinal(reached) ? "fulfilling" : reached;
  const waiting = lines.find((line) => line.state === "review");
  if (waiting === undefined) return { state, lines, review: undefined };
  const since = order.review?.lineId === waiting.id ? order.review.since : now.toISOString();
  return { state, lines, review: { reason: waiting.attempt?.reason ?? "no_source", since, lineId: waiting.id } };
}
