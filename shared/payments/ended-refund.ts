import { bookingWrites } from "../ledger/books.ts";
import { bounceEntry, elsewhereEntry, repaymentEntry } from "../ledger/payment-entries.ts";
import type { RefundQueryOutcome } from "./contract.ts";
import { type Payment, type PaymentRefund, REFUND_MOVES, type RefundState } from "./model.ts";
import { movePayment, newRefund } from "./payments.ts";
import { dueOf, moneyOf, type RecordDeps, refundOf } from "./record.ts";

// What may become of a refund that had ended: its provider takes back what it said, or a person sees to it.

/** Tells whether a provider may still say something new of a refund that had ended. */
export const mayTurn = ({ state }: PaymentRefund): boolean => state === "refunded" || state === "refused";

/**
 * Notes what the provider says now of a refund that had ended. Money that it called given back and that has come to nothing is booked
 * back: we owe it again, and a person has to see to it. What it had refused may have gone through. Everything else is no news.
 * Undefined: nothing was changed.
 */
export async function recordTurn(
  deps: RecordDeps,
  payment: Payment,
  refund: PaymentRefund,
  outcome: RefundQueryOutcome,
): Promise<Payment | undefined> {
  const now = deps.clock().toISOString();
  const { state, bounced = 0 } = refund;
  const times = { bookedAt: now, zone: deps.zone };
  if (outcome.kind === "refused" && state === "refunded") {
    const entry = bounceEntry(refundOf(payment, refund), moneyOf(payment, refund), { at: now, ...times });
    const to = { ...refund, reason: outcome.reason, endedAt: now, bounced: bounced + 1 };
    return put(deps, payment, to, "refused", now, [entry]);
  }
  if (outcome.kind !== "refunded" || state === "refunded" || !REFUND_MOVES[state].includes("refunded"))
    return undefined;
  const { at, providerRefundId } = outcome;
  const { reason: _over, ...rest } = refund;
  const entry = repaymentEntry(refundOf(payment, refund), moneyOf(payment, refund), { at, ...times });
  // What was to be tried in its place, or in place of that, is not needed any more. It was not asked for yet.
  const others = Object.entries(payment.refunds).filter(
    ([, one]) => !(one.state === "requested" && isTryOf(refund, one)),
  );
  const without = { ...payment, refunds: Object.fromEntries(others) };
  return put(deps, without, { ...rest, providerRefundId, endedAt: at }, "refunded", now, [entry]);
}

/** Notes that a person has paid a refund in another way that its provider can't make. Undefined: the payment was changed meanwhile. */
export async function recordElsewhere(
  deps: RecordDeps,
  payment: Payment,
  refund: PaymentRefund,
): Promise<Payment | undefined> {
  const at = deps.clock().toISOString();
  const entry = elsewhereEntry(refundOf(payment, refund), moneyOf(payment, refund), { at, zone: deps.zone });
  return put(deps, payment, { ...refund, endedAt: at }, "paid_elsewhere", at, [entry]);
}

/**
 * Asks for a refund again that its provider has refused, by another name: under the first one it would say the same again. Undefined: the
 * payment was changed meanwhile.
 */
export async function recordRetry(
  deps: RecordDeps,
  payment: Payment,
  refund: PaymentRefund,
): Promise<Payment | undefined> {
  const requestedAt = deps.clock().toISOString();
  const { cause, round, amount, id: insteadOf } = refund;
  const again = newRefund(payment.id, {
    cause: `${rootOf(cause)}~${triesOf(payment, refund) + 1}`,
    round,
    amount,
    requestedAt,
  });
  const refunds = { ...payment.refunds, [again.id]: { ...again, insteadOf } };
  return put(deps, { ...payment, refunds }, refund, "retried", requestedAt, []);
}

/** Tells how often a refund was tried, under all its names. */
export const triesOf = ({ refunds }: Pick<Payment, "refunds">, of: PaymentRefund): number =>
  Object.values(refunds).filter((one) => isTryOf(of, one)).length;

/** Tells whether two refunds are tries of the same. */
const isTryOf = (a: PaymentRefund, b: PaymentRefund): boolean =>
  a.round === b.round && rootOf(a.cause) === rootOf(b.cause);

/** The cause of a refund without the number of the try. */
const rootOf = (cause: string): string => cause.split("~")[0] ?? cause;

async function put(
  deps: RecordDeps,
  payment: Payment,
  refund: PaymentRefund,
  state: RefundState,
  now: string,
  entries: Parameters<typeof bookingWrites>[1],
): Promise<Payment | undefined> {
  if (!REFUND_MOVES[refund.state].includes(state))
    throw new Error(`illegal move of a refund: ${refund.state} to ${state}`);
  const to = { ...refund, state };
  const refunds = { ...payment.refunds, [to.id]: to };
  return movePayment(deps, payment, { ...dueOf(payment, to, now), refunds }, await bookingWrites(deps, entries));
}
