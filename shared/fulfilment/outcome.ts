import type { Db } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Attempt, type Line, type Order, withLine } from "../orders/model.ts";
import { stateFrom } from "../orders/states.ts";
import { type Change, moveOrder, readOrder } from "../orders/table.ts";
import type { Outcome, SupplierAdapter } from "../suppliers/contract.ts";

type Policy = Pick<SupplierAdapter, "repeatSafe" | "inFlightSeconds">;

/** Asked to place one attempt this often in vain, the supplier is a person's business. */
const PLACES_PER_ATTEMPT = 5;

/** What a supplier's word makes of a line. Pure; a word that comes late never turns delivered into anything else. */
export function applyOutcome(line: Line, outcome: Outcome, policy: Policy, now: Date): Line {
  const { attempt } = line;
  if (attempt === undefined || !isUnresolved(line)) return line;
  // What is before a person leaves that person's desk by a definite answer only.
  if (line.state === "review" && outcome.kind !== "fulfilled" && outcome.kind !== "rejected") return line;
  const heard: Attempt = {
    ...attempt,
    outcome: outcome.kind,
    ...("reason" in outcome ? { reason: outcome.reason } : {}),
    ...("supplierOrderId" in outcome && outcome.supplierOrderId !== undefined
      ? { supplierOrderId: outcome.supplierOrderId }
      : {}),
  };
  switch (outcome.kind) {
    case "fulfilled":
      return { ...line, state: "fulfilled", attempt: heard };
    case "rejected":
      return { ...line, state: "review", attempt: heard };
    case "partly":
      return { ...line, state: "review", attempt: { ...heard, reason: "partly_delivered" } };
    case "accepted":
      return now.toISOString() < attempt.deadline
        ? { ...line, state: "accepted", attempt: heard }
        : { ...line, state: "review", attempt: { ...heard, reason: "no_answer" } };
    case "not_sent":
      // This call did nothing; what an earlier one did under the same reference is as open as before.
      return { ...line, state: attempt.placed > 1 ? "unknown" : "open", attempt: heard };
    case "unknown":
      return askLater(line, heard, now);
    case "never_heard":
      return neverHeard(line, heard, policy, now);
  }
}

/** May the supplier still deliver under the line's attempt? */
export function isUnresolved(line: Line): boolean {
  if (line.state === "placing" || line.state === "accepted" || line.state === "unknown") return true;
  return line.state === "review" && line.attempt?.outcome !== "rejected";
}

function askLater(line: Line, before: Attempt, now: Date, earliest = now): Line {
  // Doubt begins with the first question that was not answered, however long the supplier had for its work.
  const heard = line.state === "accepted" ? { ...before, unknownUntil: after(now, before.unknownSeconds) } : before;
  if (now.toISOString() >= heard.unknownUntil) {
    return { ...line, state: "review", attempt: { ...heard, reason: heard.reason ?? "unknown_outcome" } };
  }
  const wait = Math.min(LIMITS.firstAskSeconds * 2 ** heard.asked, LIMITS.longestAskSeconds);
  const due = after(now, wait);
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

/** The order's state and review as its lines now demand. Any progress ends a review that was about a broken run. */
export function settled(order: Order, lines: Line[], now: Date): Change {
  const state = stateFrom(lines);
  const waiting = lines.find((line) => line.state === "review");
  if (waiting === undefined) return { state, lines, review: undefined };
  const since = order.review?.lineId === waiting.id ? order.review.since : now.toISOString();
  return { state, lines, review: { reason: waiting.attempt?.reason ?? "no_source", since, lineId: waiting.id } };
}

/**
 * Writes down what a supplier said of an attempt, unless the line has moved on to another attempt in the meantime.
 * Returns the order as it then is.
 */
export async function recordOutcome(
  deps: Db<"orders"> & { clock: Clock },
  order: Order,
  heardOf: { lineId: string; reference: string },
  outcome: Outcome,
  policy: Policy,
): Promise<Order> {
  let current = order;
  for (;;) {
    const line = current.lines.find((one) => one.id === heardOf.lineId);
    if (line?.attempt?.reference !== heardOf.reference) return current;
    const now = deps.clock();
    const next = applyOutcome(line, outcome, policy, now);
    if (next === line || JSON.stringify(next) === JSON.stringify(line)) return current;
    const moved = await moveOrder(deps, current, settled(current, withLine(current, next), now));
    if (moved.ok) return moved.order;
    current = (await readOrder(deps, current.id)) ?? moved.order;
  }
}
