import { factsIn } from "../audit/differences.ts";
import { record, recorded } from "../audit/records.ts";
import type { AuditEntry } from "../audit/table.ts";
import type { Db } from "../aws/dynamo.ts";
import type { AskDeps } from "../fulfilment/ask-supplier.ts";
import { wasReversed } from "../fulfilment/outcome.ts";
import { nextRun } from "../fulfilment/runs.ts";
import { type WakeDeps, wakeUp } from "../fulfilment/wake-up.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { advance } from "../orders/advance.ts";
import type { OrderDeps } from "../orders/deps.ts";
import { isDisputed } from "../orders/disputed.ts";
import { type Order, REFUND_PROPOSED, type Review } from "../orders/model.ts";
import { isUnwinding } from "../orders/states.ts";
import { moveOrder, readOrder } from "../orders/table.ts";
import type { Decision, Move, RefundDecision, ReplaceDecision } from "./decision.ts";
import { refundLines } from "./refund.ts";
import { replaceLine } from "./replace.ts";
import { resolveFirst } from "./resolve.ts";
import { retry, whyNotAgain } from "./retry.ts";
import { needsTwo, refundable, type Stake, substanceOf } from "./second-person.ts";
import { readReviewSettings } from "./settings.ts";
import { stakeOf } from "./stake.ts";
import { type Decider, type Known, knownAs, proposalOf, proposedBy, secondPerson } from "./two-people.ts";

export type DecideDeps = OrderDeps & AskDeps & WakeDeps & Db<"catalog" | "audit">;

/**
 * The result of a decision. `done`: carried out · `proposed`: waits for a second person · `noted`: on record, and
 * nothing else.
 */
export type Decided = { kind: "done" | "proposed" | "noted"; order: Order };

/**
 * Carries out a person's decision about an order in review. An amount over the limit takes two people who decide the
 * same. The decision is on record before it is carried out, and so is that it was refused then. Deciding twice is safe:
 * the second call finds no review.
 */
export async function decide(
  deps: DecideDeps,
  orderId: string,
  decision: Decision,
  by: Decider,
): Promise<Result<Decided>> {
  const order = await readOrder(deps, orderId);
  if (order === undefined) return refuse("not_found", "There is no such order.");
  const { review } = order;
  if (review === undefined) return goneOn(deps, order);
  const settings = await readReviewSettings(deps);
  const known = knownAs(by, settings);
  if (decision.action === "note") {
    await record(deps, entryOf(deps, order, decision, known, "review_note"));
    return ok({ kind: "noted", order });
  }
  if (decision.action === "reject") return reject(deps, order, decision, known, review);
  if (order.state !== "review") return goneOn(deps, order);
  const stake = await stakeOf(deps, order, decision);
  const second = needsTwo(order, stake, settings)
    ? secondPerson(substanceOf(decision), known, review.proposal, settings)
    : ok("alone");
  if (!second.ok) return second;
  if (second.value === "propose") return propose(deps, order, decision, known, review);

  const proposal = second.value === "confirm" ? review.proposal : undefined;
  const entry = entryOf(deps, order, decision, known, `review_${decision.action}`, proposal);
  const decided = await recorded(deps, entry, async () => carryOut(deps, order, decision, stake));
  // Also after a refusal: asking the supplier may have changed the order, and its run still waits for a decision.
  const woken = await wakeUp(deps, orderId);
  if (!decided.ok) return decided;
  const needsRun = woken === 0 && decided.value.state === "fulfilling";
  return ok({ kind: "done", order: needsRun ? await nextRun(deps, decided.value) : decided.value });
}

/** Finishes what an earlier call may have left when it died: giving everything back, or waking the run. */
async function goneOn(deps: DecideDeps, order: Order): Promise<Result<Decided>> {
  if (isUnwinding(order.state)) await advance(deps, order);
  await wakeUp(deps, order.id);
  return refuse("not_in_review", "The order is not waiting for a decision.");
}

/**
 * Stores a proposal. It stands until the order changes, so the second person confirms what the first one saw. Only the
 * last proposal counts.
 */
async function propose(
  deps: DecideDeps,
  order: Order,
  decision: Move,
  by: Known,
  review: Review,
): Promise<Result<Decided>> {
  const proposal = proposalOf(decision.action, substanceOf(decision), by, deps.clock());
  const entry = entryOf(deps, order, decision, by, `review_${decision.action}_proposed`);
  return recorded(deps, entry, async () => {
    const moved = await moveOrder(deps, order, { review: { ...review, proposal } });
    if (!moved.ok) return refuse("busy", "The order changed while you decided; look again.");
    return ok({ kind: "proposed" as const, order: moved.order });
  });
}

/** Ends what the first of two people has proposed. The review of a delivered order was about nothing else. */
async function reject(
  deps: DecideDeps,
  order: Order,
  decision: Decision,
  by: Known,
  { proposal, ...review }: Review,
): Promise<Result<Decided>> {
  if (proposal === undefined) return refuse("not_in_review", "Nobody has proposed anything.");
  return recorded(deps, entryOf(deps, order, decision, by, "proposal_rejected", proposal), async () => {
    const moved = await moveOrder(deps, order, { review: review.reason === REFUND_PROPOSED ? undefined : review });
    if (!moved.ok) return refuse("busy", "The order changed while you decided; look again.");
    return ok({ kind: "done" as const, order: moved.order });
  });
}

function carryOut(deps: DecideDeps, order: Order, decision: Move, stake: Stake) {
  switch (decision.action) {
    case "retry":
      return whyNotAgain(order.lines) === undefined ? retry(deps, order) : refuseAgain();
    case "refund":
      return refund(deps, order, decision);
    case "replace":
      return replace(deps, order, decision, stake);
  }
}

const refuseAgain = () =>
  refuse(
    "line_settled",
    "A line was delivered and taken back: nothing is bought again for it. Refund it, or note why not.",
  );

async function refund(deps: DecideDeps, order: Order, decision: RefundDecision): Promise<Result<Order>> {
  if (await isDisputed(deps, order))
    return refuse(
      "payment_disputed",
      "Its money is disputed: a refund would pay the buyer twice. Decide when the dispute has ended.",
    );
  const leaving = refundable(order, decision.lines);
  if (decision.lines !== undefined && leaving.length < new Set(decision.lines).size)
    return refuse("line_settled", "A line that you named does not exist, was delivered, or is on its way back.");
  const resolved = await resolveFirst(deps, order, leaving, decision);
  // The suppliers' answers may have delivered some lines. The rest is refunded.
  if (!resolved.ok) return resolved;
  const left = refundable(resolved.value, decision.lines);
  if (left.length === 0) return refuse("line_settled", "The supplier has answered: what you named was delivered.");
  return refundLines(deps, resolved.value, left, "operator");
}

async function replace(
  deps: DecideDeps,
  order: Order,
  decision: ReplaceDecision,
  stake: Stake,
): Promise<Result<Order>> {
  const isTheOne = (line: Order["lines"][number]): boolean => line.id === decision.lineId && line.state === "review";
  const resolved = await resolveFirst(deps, order, order.lines.filter(isTheOne), decision);
  if (!resolved.ok) return resolved;
  const line = resolved.value.lines.find(isTheOne);
  if (line === undefined) return refuse("line_settled", "That line is not the one that waits for a decision.");
  if (wasReversed(line)) return refuseAgain();
  return replaceLine(deps, resolved.value, line, decision.with, stake);
}

function entryOf(
  deps: DecideDeps,
  order: Order,
  decision: Decision,
  { operator, person, requestId }: Known,
  action: string,
  proposal?: Review["proposal"],
): AuditEntry {
  const note = [
    decision.reason,
    "evenIfUnresolved" in decision && decision.evenIfUnresolved ? " (even if unresolved)" : "",
    proposedBy(proposal),
  ].join("");
  const at = deps.clock().toISOString();
  const who = { by: operator, ...(person === undefined ? {} : { person }), requestId };
  const { reason: _said, ...substance } = decision;
  const facts = { what: factsIn(substance), before: { state: order.state } };
  return { subject: order.id, at, action, ...who, note, ...facts };
}
