import type { PaymentMethod } from "../payments/contract.ts";
import { mayTurn, recordTurn } from "../payments/ended-refund.ts";
import type { Payment, PaymentRefund } from "../payments/model.ts";
import { readPayment } from "../payments/payments.ts";
import { recordRefund } from "../payments/record.ts";
import { waitsForAPerson } from "../payments/waiting-refund.ts";
import type { FollowDeps } from "./follow-payment.ts";
import { noteStuck } from "./note-stuck.ts";
import { PaymentNotKnown } from "./payment-not-known.ts";

/**
 * Takes the next step with a refund that is under way: asks the provider for it, or what became of it, and notes the answer. A refund that
 * the provider refuses puts its order before a person. The order moves first, so that nobody has to be told again.
 */
export async function followRefund(
  deps: FollowDeps,
  payment: Payment,
  { step, refund }: { step: "refund" | "ask_refund"; refund: PaymentRefund },
  method: PaymentMethod,
): Promise<void> {
  const { insteadOf } = refund;
  if (step === "refund" && insteadOf !== undefined && (await hasTurned(deps, payment, insteadOf, method))) return;
  const outcome = await (step === "refund" ? method.refund(payment, refund) : method.queryRefund(payment, refund));
  if (outcome.kind === "refused") await noteRefused(deps, payment, refund, outcome.reason);
  const recorded = await recordRefund(deps, payment, refund, outcome, method.inFlightSeconds);
  if (recorded === undefined) return;
  if (outcome.kind === "refused") deps.onRefundRefused?.();
  if (waitsForAPerson(refund, outcome, deps.clock())) deps.onRefundWaits?.();
}

/**
 * Before a refund is tried again: the provider may have made any earlier try after all, and must not make two. True also if somebody has
 * changed the payment meanwhile: then nothing is asked for, and the next turn looks again.
 */
async function hasTurned(deps: FollowDeps, payment: Payment, last: string, method: PaymentMethod): Promise<boolean> {
  for (let refund = payment.refunds[last]; refund !== undefined; refund = payment.refunds[refund.insteadOf ?? ""]) {
    const outcome = await method.queryRefund(payment, refund);
    if (outcome.kind === "unknown") throw new PaymentNotKnown(outcome.reason);
    if (outcome.kind !== "refunded") continue;
    await recordTurn(deps, payment, refund, outcome);
    return true;
  }
  return false;
}

/** Tries that one call makes when others change the payment at the same time. */
const TRIES = 5;

/**
 * Asks a provider once more about refunds that had ended, because it says that there is news: of the refund that it names, or of the
 * payment, and so of all that it gave back. What comes back after it was called done is booked back, and puts its order before a person.
 */
export async function followEnded(
  deps: FollowDeps,
  payment: Pick<Payment, "id" | "refunds">,
  refundId: string | undefined,
  methodOf: MethodOf,
): Promise<void> {
  for (const { id, state } of Object.values(payment.refunds))
    if (refundId === undefined ? state === "refunded" : id === refundId)
      await followOne(deps, payment.id, id, methodOf);
}

type MethodOf = (payment: Payment) => Promise<PaymentMethod>;

async function followOne(deps: FollowDeps, paymentId: string, refundId: string, methodOf: MethodOf): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const payment = await readPayment(deps, paymentId);
    const refund = payment?.refunds[refundId];
    if (payment === undefined || refund === undefined || !mayTurn(refund)) return;
    const outcome = await (await methodOf(payment)).queryRefund(payment, refund);
    if (outcome.kind === "unknown") throw new PaymentNotKnown(outcome.reason);
    // Everything else is no news of a refund that had ended; nor is what is known.
    if ((outcome.kind !== "refunded" && outcome.kind !== "refused") || outcome.kind === refund.state) return;
    const cameBack = outcome.kind === "refused";
    if (cameBack) await noteRefused(deps, payment, refund, outcome.reason);
    const recorded = await recordTurn(deps, payment, refund, outcome);
    if (recorded === undefined) continue;
    if (cameBack) deps.onRefundRefused?.();
    return noteStuck(deps, recorded);
  }
}

/** Puts the order of a refund before a person, as if the payment said already that the refund is refused. */
async function noteRefused(deps: FollowDeps, payment: Payment, refund: PaymentRefund, reason: string): Promise<void> {
  const refused = { ...refund, state: "refused", reason, endedAt: deps.clock().toISOString() } as const;
  await noteStuck(deps, { ...payment, refunds: { ...payment.refunds, [refund.id]: refused } });
}
