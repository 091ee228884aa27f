import { isStocked } from "../catalog/model.ts";
import type { Ticket } from "../inventory/model.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Attempt, didNothing, type Line, mayStillDeliver, type Order } from "../orders/model.ts";
import { isFinal, stateFrom } from "../orders/states.ts";
import type { Change } from "../orders/table.ts";
import type { Outcome, SupplierAdapter } from "../suppliers/contract.ts";

export type Policy = Pick<SupplierAdapter, "repeatSafe" | "inFlightSeconds" | "firstAskSeconds">;

/** The goods of an answer, once they are in the vault; `duplicates` were known there before. */
export type Stored = { tickets: readonly Ticket[]; duplicates: number };
const NOTHING_STORED: Stored = { tickets: [], duplicates: 0 };

/** Asked to place one attempt this often in vain, the supplier is a person's business. */
const PLACES_PER_ATTEMPT = 5;

/**
 * What a supplier's word makes of a line. Pure; a word that comes late never turns delivered into anything else. A line
 * of which a part was delivered shrinks to that part: `linesAfter` makes a line of the rest.
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
  // What is before a person leaves that person's desk by a definite answer only.
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

/** Is this the end of the attempt, whatever else is known of it? */
export function isDefinite({ kind }: Outcome): boolean {
  return kind === "fulfilled" || kind === "partly" || kind === "rejected" || kind === "reversed";
}

/** Was it delivered under this attempt, so that its supplier could still take it back? */
export function mayBeReversed({ state, attempt }: Line): boolean {
  return attempt !== undefined && state === "fulfilled";
}

/** Has its supplier taken it back? Then nothing more comes, and nothing may be bought again without the buyer. */
export function wasReversed({ attempt }: Line): boolean {
  return attempt?.outcome === "reversed";
}

/**
 * What a question about a delivered line says: a supplier that now denies the delivery, or a part of it, has taken it back. Anything
 * else is no news.
 */
export function takenBack(line: Line, outcome: Outcome): Outcome | undefined {
  const isLess = outcome.kind === "partly" && outcome.delivered < line.quantity;
  if (outcome.kind !== "reversed" && outcome.kind !== "rejected" && !isLess) return undefined;
  const { supplierOrderId } = outcome;
  return { kind: "reversed", ...(supplierOrderId === undefined ? {} : { supplierOrderId }) };
}

/** Before a person. Its codes stay where they are, sold to the order: they were seen, so they must not come back into stock. */
function reversed(line: Line, attempt: Attempt): Line {
  const { tickets: _seen, ...rest } = line;
  return { ...rest, state: "review", attempt: { ...attempt, outcome: "reversed", reason: "reversed" } };
}

/** May the supplier still deliver under the line's attempt? */
export function isUnresolved({ state, attempt }: Line): boolean {
  if (state === "placing" || state === "accepted" || state === "unknown") return true;
  return state === "review" && attempt !== undefined && mayStillDeliver(attempt);
}

/** The same, also under an attempt that the line has left behind: an operator may have replaced it without an answer. */
export function mayBeDelivered(line: Line): boolean {
  return isUnresolved(line) || (line.history ?? []).some(mayStillDeliver);
}

function delivered(line: Line, heard: Attempt, pieces: number, { tickets, duplicates }: Stored): Line {
  const { reason: _reason, ...done } = heard;
  if (!isStocked(line.kind)) return { ...line, state: "fulfilled", quantity: pieces, attempt: done };
  if (duplicates > 0) return { ...line, state: "review", attempt: { ...heard, reason: "duplicate_code" } };
  if (tickets.length < pieces) return { ...line, state: "review", attempt: { ...heard, reason: "goods_missing" } };
  return { ...line, state: "fulfilled", quantity: pieces, tickets: tickets.slice(0, pieces), attempt: done };
}

/** A definite no: the line is open to the next source. One that a person has before them stays there for the decision. */
function refused(line: Line, heard: Attempt): Line {
  if (line.state === "review") return { ...line, attempt: heard };
  const { attempt: _attempt, ...rest } = line;
  return { ...rest, state: "open", history: [...(line.history ?? []), heard] };
}

/** Its callback will say more. A callback may be slow, lost or made up, so the supplier is asked as well, before its time is over. */
function accepted(line: Line, heard: Attempt, { firstAskSeconds }: Policy, now: Date): Line {
  if (now.toISOString() >= heard.deadline)
    return { ...line, state: "review", attempt: { ...heard, reason: "no_answer" } };
  // Asked before its turn, because of a callback: their answers may be a moment behind it, so the next question comes soon.
  const isEarly = (line.attempt?.nextAskAt ?? "") > now.toISOString();
  const wait = isEarly ? firstAskSeconds : growing(firstAskSeconds, heard.asked, longestAsk(heard, now));
  const asked = isEarly ? heard.asked : heard.asked + 1;
  return { ...line, state: "accepted", attempt: { ...heard, asked, nextAskAt: after(now, wait) } };
}

/**
 * This call did nothing; what an earlier one did under the same reference is as open as before. A supplier may ask for a longer wait
 * than ours, and not for a shorter one: each call fills the run's history. A line whose calls do nothing for an hour is a person's.
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

/** Is the hour over that a line waits for its sources? */
export function hasWaitedLong({ since }: NonNullable<Line["waits"]>, now: Date): boolean {
  return after(new Date(since), LIMITS.sourceWaitSeconds) <= now.toISOString();
}

/** The longer it has taken, the longer until the next question: a supplier may take a week, and each question fills the run's history. */
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
 * "Never heard of it" may be a request still on its way, so the supplier's window is waited out. After that the same
 * reference goes to the same supplier again, if that is safe; if not, a person decides.
 */
function neverHeard(line: Line, heard: Attempt, policy: Policy, now: Date): Line {
  // A supplier that took the order and now denies it is to be talked to, not to be asked for another.
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
 * The order's lines after one of them became `next`. Of a line that shrank, the rest is a line of its own, open to the other
 * sources: numbered behind all others, so that its references are new, whoever makes it.
 */
export function linesAfter(lines: readonly Line[], before: Line, next: Line): Line[] {
  const changed = lines.map((line) => (line.id === next.id ? next : line));
  const missing = before.quantity - next.quantity;
  if (missing === 0) return changed;
  const { attempt: _attempt, tickets: _tickets, history = [], restOf = before.id, ...rest } = before;
  const tried = next.attempt === undefined ? history : [...history, next.attempt];
  const id = String(lines.length + 1);
  return [...changed, { ...rest, id, restOf, quantity: missing, state: "open", history: tried }];
}

/** No source is left: the last refusal is what a person sees, and none of them counts any more when the line is tried again. */
export function noSourceLeft(line: Line): Line {
  const { waits: _over, history = [], attempt = history.at(-1), ...rest } = line;
  if (attempt === undefined) return { ...rest, state: "review" };
  const earlier = line.attempt === undefined ? history.slice(0, -1) : history;
  const kept = earlier.length > 0 ? { history: earlier } : {};
  return { ...rest, ...kept, state: "review", attempt, forgiven: earlier.length + 1 };
}

/** The order's state and review as its lines now demand. Any progress ends a review that was about a broken run. */
export function settled(order: Order, lines: Line[], now: Date): Change {
  const reached = stateFrom(lines);
  // An order is not over while codes that it has dropped are on their way back.
  const state = order.dropped !== undefined && isFinal(reached) ? "fulfilling" : reached;
  const waiting = lines.find((line) => line.state === "review");
  if (waiting === undefined) return { state, lines, review: undefined };
  const since = order.review?.lineId === waiting.id ? order.review.since : now.toISOString();
  return { state, lines, review: { reason: waiting.attempt?.reason ?? "no_source", since, lineId: waiting.id } };
}
