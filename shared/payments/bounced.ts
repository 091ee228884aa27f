import { bookingWrites } from "../ledger/books.ts";
import { bounceEntry } from "../ledger/payment-entries.ts";
import type { PaymentMethod } from "./contract.ts";
import type { Payment, PaymentRefund } from "./model.ts";
import { movePayment } from "./payments.ts";
import { dueOf, type RecordDeps } from "./record.ts";

/** `contended`: the payment was changed meanwhile · `unknown`: the provider can't say. */
export type Checked =
  | { kind: "checked"; payment: Payment }
  | { kind: "contended" }
  | { kind: "unknown"; reason: string };

/**
 * Asks the provider about refunds that it had called done, because it has news of their payment: a bank may send one back weeks later.
 * Such a refund is refused then, waits for a person like any other, and is booked back in the same write.
 */
export async function findBounced(
  deps: RecordDeps & { onRefundRefused?: () => void },
  payment: Payment,
  method: PaymentMethod,
): Promise<Checked> {
  let now = payment;
  for (const refund of Object.values(payment.refunds).filter(({ state }) => state === "refunded")) {
    const outcome = await method.queryRefund(payment, refund);
    if (outcome.kind === "unknown") return outcome;
    if (outcome.kind !== "refused") continue;
    const moved = await bounce(deps, now, refund, outcome.reason);
    if (moved === undefined) return { kind: "contended" };
    deps.onRefundRefused?.();
    now = moved;
  }
  return { kind: "checked", payment: now };
}

/** Undefined: the payment was changed meanwhile. */
async function bounce(
  deps: RecordDeps,
  payment: Payment,
  refund: PaymentRefund,
  reason: string,
): Promise<Payment | undefined> {
  const at = deps.clock().toISOString();
  const to: PaymentRefund = { ...refund, state: "refused", reason, endedAt: at };
  const { currency = payment.amount.currency } = payment.received ?? {};
  const of = { refundId: refund.id, paymentId: payment.id, provider: payment.provider };
  const entry = bounceEntry(of, { amount: refund.amount, currency }, { at, zone: deps.zone });
  const change = { ...dueOf(payment, to, at), refunds: { ...payment.refunds, [to.id]: to } };
  return movePayment(deps, payment, change, await bookingWrites(deps, [entry]));
}
