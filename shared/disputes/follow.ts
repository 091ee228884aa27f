import type { Db } from "../aws/dynamo.ts";
import { type EventDeps, emit } from "../events/emit.ts";
import { Fault } from "../kernel/fault.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { cancelOrder } from "../orders/cancel.ts";
import { followPayment, type FollowDeps as OrdersFollowDeps } from "../orders/follow-payment.ts";
import { countedPayment } from "../orders/payers.ts";
import { PaymentNotKnown } from "../orders/payment-not-known.ts";
import { readOrder } from "../orders/table.ts";
import type { AnswerOutcome, DisputeDesk, DisputeNews } from "../payments/dispute-contract.ts";
import type { Payment } from "../payments/model.ts";
import { readPayment } from "../payments/payments.ts";
import type { DisputeName } from "../payments/queue.ts";
import { reachProvider } from "../payments/reach.ts";
import { nextQuestion } from "../payments/record.ts";
import type { DisputeEvent } from "./events.ts";
import { gatherEvidence } from "./evidence.ts";
import { type Answer, type Dispute, disputeIdFor, heldOf, planDispute } from "./model.ts";
import { isToSettle } from "./position.ts";
import { moveDispute, recordNews } from "./record.ts";
import { readDispute } from "./table.ts";

/** `onDeadlineNear`: a deadline runs out, and a person has to act. `onAnswerRefused`: a provider does not take our evidence. */
export type FollowDisputeDeps = OrdersFollowDeps &
  EventDeps &
  Db<"audit"> & { onDeadlineNear?: () => void; onAnswerRefused?: () => void };

/** Who sends evidence that no person has sent. */
export const BY_RULE = "rule";

/**
 * Does everything that is due for a dispute: asks its provider, books what that means, tells of it, sends our evidence in time, takes
 * back goods that nobody has seen, warns of deadlines. Idempotent, safe to run concurrently, and safe to interrupt. `isHinted`: its
 * provider is asked now, whenever it is due. Returns the dispute as it is then; undefined: it is about no payment of ours.
 */
export async function followDispute(
  deps: FollowDisputeDeps,
  name: DisputeName,
  isHinted: boolean,
): Promise<Dispute | undefined> {
  const id = disputeIdFor(name.provider, name.disputeId);
  let isToAsk = isHinted;
  let isAsked = false;
  for (let turn = 0; turn < LIMITS.turnsPerPayment; turn++) {
    const dispute = await readDispute(deps, id);
    if (dispute === undefined || isToAsk) {
      const heard = await ask(deps, name, dispute);
      if (heard === "unrelated") return undefined;
      isToAsk = heard === "changed_meanwhile";
      isAsked = !isToAsk;
      continue;
    }
    const next = planDispute(dispute, deps.clock(), isAsked);
    switch (next.step) {
      case "ask":
        isToAsk = true;
        break;
      case "tell":
        await tell(deps, dispute);
        break;
      case "decide_answer": {
        const answer: Answer = { what: "evidence", by: BY_RULE, at: deps.clock().toISOString(), state: "sending" };
        await moveDispute(deps, dispute, { answer });
        break;
      }
      case "answer":
        // What it has changed the provider says. If nobody knows whether it got through, it is sent again, but not at once.
        if (!(await send(deps, dispute, next.answer))) return (await readDispute(deps, id)) ?? dispute;
        isToAsk = true;
        break;
      case "warn":
        deps.onDeadlineNear?.();
        await moveDispute(deps, dispute, { warnedOf: next.deadline });
        break;
      case "take_back":
        await takeBack(deps, dispute);
        // The refund that a cancelled order asks for is one that this dispute has paid.
        isToAsk = true;
        break;
      case "wait":
      case "done":
        return dispute;
    }
  }
  throw new Fault("dispute_contended", id);
}

async function deskOf(deps: FollowDisputeDeps, provider: string): Promise<DisputeDesk> {
  const desk = (await reachProvider(deps, provider))?.method.disputes;
  if (desk === undefined) throw new Error(`the payment provider ${provider} knows no disputes`);
  return desk;
}

/** Asks the provider, and notes what it says. */
async function ask(
  deps: FollowDisputeDeps,
  name: DisputeName,
  known: Dispute | undefined,
): Promise<"heard" | "unrelated" | "changed_meanwhile"> {
  const outcome = await (await deskOf(deps, name.provider)).query(name.disputeId);
  if (outcome.kind === "never_heard" && known === undefined) return "unrelated";
  if (outcome.kind !== "dispute") {
    // The message is tried again by its queue; and when it has given up, the schedule looks again.
    if (known === undefined) throw new PaymentNotKnown(outcome.kind);
    const asked = known.asked + 1;
    const noted = await moveDispute(deps, known, { asked, dueAt: nextQuestion(asked, deps.clock()) });
    return noted === undefined ? "changed_meanwhile" : "heard";
  }
  const { news } = outcome;
  const payment = await paymentOf(deps, name, known?.paymentId ?? news.paymentId, news);
  if (payment === undefined) return "unrelated";
  return (await recordNews(deps, name, known, payment, news)) === undefined ? "changed_meanwhile" : "heard";
}

/** Finds the payment of a dispute. News of the dispute may come before that of the payment, which is asked about first then. */
async function paymentOf(
  deps: FollowDisputeDeps,
  { provider }: DisputeName,
  paymentId: string | undefined,
  { amount, funds }: DisputeNews,
): Promise<Payment | undefined> {
  if (paymentId === undefined) return undefined;
  const found = await readPayment(deps, paymentId);
  if (found?.provider !== provider) return undefined;
  const isUndecided = found.state !== "succeeded" || (found.counted === undefined && found.returned === undefined);
  const payment = isUndecided ? ((await followPayment(deps, paymentId, "changed")) ?? found) : found;
  if (funds.taken === 0) return payment;
  if (payment.received === undefined) throw new PaymentNotKnown("disputed_before_it_was_paid");
  if (payment.received.currency !== amount.currency) throw new Fault("dispute_in_another_currency", paymentId);
  return payment;
}

/** Tells on the bus what state a dispute is in, then notes that it was told. */
async function tell(deps: FollowDisputeDeps, dispute: Dispute): Promise<void> {
  const { id, paymentId, channelId, orderId, state, turn } = dispute;
  const facts = { disputeId: id, paymentId, channelId, state, ...(orderId === undefined ? {} : { orderId }) };
  const at = deps.clock().toISOString();
  const event: DisputeEvent = { type: "dispute.changed", occasion: `${id}#${turn}`, at, facts };
  await emit(deps, { subject: id, events: [event] });
  await moveDispute(deps, dispute, { told: turn });
}

/**
 * Sends an answer that is written down. What did not certainly get through is sent again later: the same, for it says what was known then.
 * False: nobody knows.
 */
async function send(deps: FollowDisputeDeps, dispute: Dispute, answer: Answer): Promise<boolean> {
  const desk = await deskOf(deps, dispute.provider);
  const { outcome, digest } = await tried(deps, desk, dispute, answer);
  const sent = { ...answer, ...(digest === undefined ? {} : { digest }) };
  const now = deps.clock();
  const asked = dispute.asked + 1;
  switch (outcome.kind) {
    case "refused": {
      const refused = { ...sent, state: "refused", reason: outcome.reason } as const;
      if ((await moveDispute(deps, dispute, { answer: refused })) !== undefined) deps.onAnswerRefused?.();
      return true;
    }
    case "taken":
      await moveDispute(deps, dispute, { answer: { ...sent, state: "sent" } });
      return true;
    case "unknown":
    case "not_sent":
      await moveDispute(deps, dispute, { asked, dueAt: nextQuestion(asked, now) });
      return false;
  }
}

async function tried(
  deps: FollowDisputeDeps,
  desk: DisputeDesk,
  dispute: Dispute,
  { what, at }: Answer,
): Promise<{ outcome: AnswerOutcome; digest?: string }> {
  const { disputeId } = dispute;
  const cannot = { kind: "refused", reason: "not_taken_here" } as const;
  if (what === "accept") return { outcome: (await desk.accept?.(disputeId)) ?? cannot };
  const evidence = await gatherEvidence(deps, dispute, at);
  const outcome = (await desk.sendEvidence?.(disputeId, evidence)) ?? cannot;
  return { outcome, digest: fingerprintOf(evidence) };
}

/**
 * Takes the goods of an order back whose whole payment was lost, if nobody has seen them: the order is cancelled, and what it owes its
 * payer is what the payer has taken. Goods that were seen, or that a supplier delivers, stay with the buyer.
 */
async function takeBack(deps: FollowDisputeDeps, dispute: Dispute): Promise<void> {
  const { channelId, orderId = "", paymentId, funds } = dispute;
  const order = await readOrder(deps, orderId);
  const payment = await readPayment(deps, paymentId);
  const isAll =
    payment?.received?.amount === heldOf(funds) && order !== undefined && countedPayment(order) === paymentId;
  const isBack = isAll && (await cancelOrder(deps, channelId, orderId)).ok;
  await moveDispute(deps, dispute, { goods: isBack ? "back" : "kept" });
}

/** Looks at the disputes that a payment needs settled: a refund of it was decided, and its payer may have that money by a dispute. */
export async function followDisputesOf(deps: FollowDisputeDeps, payment: Payment): Promise<void> {
  if (!isToSettle(payment)) return;
  for (const [id, { held }] of Object.entries(payment.disputes ?? {})) {
    const dispute = held > 0 ? await readDispute(deps, id) : undefined;
    if (dispute !== undefined) await followDispute(deps, dispute, true);
  }
}
