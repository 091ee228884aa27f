import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { recordElsewhere, recordRetry, triesOf } from "../payments/ended-refund.ts";
import type { Payment, PaymentRefund, RefundState } from "../payments/model.ts";
import { readPayment } from "../payments/payments.ts";
import { askToFollow, type PaymentQueue } from "../payments/queue.ts";
import type { RecordDeps } from "../payments/record.ts";
import { noteStuck } from "./note-stuck.ts";

// What a person does about a refund that its payment provider can't make.

/** Tries that one call makes when others change the payment at the same time. */
const TRIES = 5;

/** Notes that a person has paid a refund in another way, and books it. Its order waits no more. Doing it again changes nothing. */
export const settleRefund = (deps: RecordDeps, paymentId: string, refundId: string): Promise<Result<Payment>> =>
  seeTo(deps, paymentId, refundId, "paid_elsewhere", recordElsewhere);

/** Has a provider asked for a refund again that it has refused. Doing it again changes nothing. */
export async function retryRefund(
  deps: RecordDeps & PaymentQueue,
  paymentId: string,
  refundId: string,
): Promise<Result<Payment>> {
  const payment = await readPayment(deps, paymentId);
  const refund = payment?.refunds[refundId];
  if (payment !== undefined && refund?.state === "refused" && triesOf(payment, refund) >= LIMITS.triesPerRefund)
    return refuse("not_refundable", `It was tried ${LIMITS.triesPerRefund} times: pay it in another way.`);
  const retried = await seeTo(deps, paymentId, refundId, "retried", recordRetry);
  if (retried.ok) await askToFollow(deps, { paymentId });
  return retried;
}

async function seeTo(
  deps: RecordDeps,
  paymentId: string,
  refundId: string,
  to: RefundState,
  record: (deps: RecordDeps, payment: Payment, refund: PaymentRefund) => Promise<Payment | undefined>,
): Promise<Result<Payment>> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const payment = await readPayment(deps, paymentId);
    const refund = payment?.refunds[refundId];
    if (payment === undefined || refund === undefined) return refuse("not_found", "There is no such refund.");
    if (refund.state !== to && refund.state !== "refused")
      return refuse(
        "not_refundable",
        `The refund is ${refund.state}: only one that its provider refuses is a person's.`,
      );
    const done = refund.state === to ? payment : await record(deps, payment, refund);
    if (done === undefined) continue;
    await noteStuck(deps, done);
    return ok(done);
  }
  return refuse("busy", "The payment changes too fast; repeat the request in a moment.");
}
