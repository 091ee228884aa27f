import type { Db, Writes } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import { type BookDeps, bookingWrites } from "../ledger/books.ts";
import type { Booked } from "../ledger/entries.ts";
import { paymentEntry, repaymentEntry } from "../ledger/payment-entries.ts";
import type { QueryOutcome, Received, RefundOutcome, RefundQueryOutcome, StartOutcome } from "./contract.ts";
import { feeOn } from "./fee.ts";
import { FOR_A_PERSON, isOpenRefund, isOver, type Payment, type PaymentRefund } from "./model.ts";
import { movePayment, type PaymentChange } from "./payments.ts";

export type StartRecordDeps = Db<"orders">;
export type RecordDeps = Db<"orders"> & BookDeps & { clock: Clock };

/** Gives the time of the next question: the first soon, then later and later. Providers tell by themselves as a rule. */
export function nextQuestion(asked: number, now: Date): string {
  const seconds = Math.min(LIMITS.firstPaymentAskSeconds * 2 ** asked, LIMITS.longestPaymentAskSeconds);
  return after(now, seconds);
}

/** Notes what came of starting a payment. Undefined: somebody has changed the payment meanwhile. */
export async function recordStart(
  deps: StartRecordDeps,
  payment: Payment,
  outcome: StartOutcome,
): Promise<Payment | undefined> {
  switch (outcome.kind) {
    case "pending": {
      const { kind: _pending, ...said } = outcome;
      // When it is due was said when it was written down, a moment ago; moving that on would cost two writes of the index.
      return movePayment(deps, payment, { ...said, state: "pending", asked: 0 });
    }
    case "refused":
      // What the provider says that it has can still be paid: only its own word ends it.
      if (payment.state === "pending") return payment;
      // It stays due: somebody sees to what it is for.
      return movePayment(deps, payment, { state: "failed", reason: outcome.reason });
    case "unknown":
    case "not_sent":
      return payment;
    case "stands":
      throw new Error(`${payment.id} stands by itself, and a provider's can't`);
  }
}

/**
 * Notes what the provider says of a payment. `leave` is called before it says that nobody can pay it any more, from when on it is not due:
 * what it looks after must be seen to otherwise. Undefined: somebody has changed the payment meanwhile.
 */
export async function recordAnswer(
  deps: RecordDeps,
  payment: Payment,
  outcome: Exclude<QueryOutcome, { kind: "stands" }>,
  inFlightSeconds: number,
  leave: () => Promise<void>,
): Promise<Payment | undefined> {
  // What was over is over, unless it was paid all the same.
  if (isOver(payment) && outcome.kind !== "paid") return payment;
  const now = deps.clock();
  const next = nextQuestion(payment.asked + 1, now);
  // When its time is over it is closed, and when its order must not wait for it any longer that is seen to; and not some minutes later.
  const ends = [payment.expiresAt, after(new Date(payment.expiresAt), LIMITS.unknownPaymentSeconds)];
  const [dueAt = next] = [next, ...ends.filter((end) => end > now.toISOString())].toSorted();
  const later = { asked: payment.asked + 1, dueAt };
  const over = async (change: PaymentChange): Promise<Payment | undefined> => {
    await leave();
    return movePayment(deps, payment, { ...change, dueAt: undefined });
  };
  switch (outcome.kind) {
    case "paid":
      return recordPaid(deps, payment, outcome.received);
    case "closed":
      return over({ state: "closed" });
    case "refused":
      return over({ state: "failed", reason: outcome.reason });
    case "pending":
      return movePayment(deps, payment, { ...(payment.state === "created" ? { state: "pending" } : {}), ...later });
    case "never_heard": {
      // A start may still be on its way; after that nobody can have begun to pay.
      const isLost =
        after(new Date(payment.createdAt), inFlightSeconds) <= now.toISOString() &&
        payment.expiresAt <= now.toISOString();
      return isLost ? over({ state: "closed" }) : movePayment(deps, payment, later);
    }
    case "unknown":
      return movePayment(deps, payment, later);
  }
}

/**
 * Notes that somebody has paid, and books it in the same write: from then on we owe it to somebody. Undefined also if it is booked already:
 * its order was sold by it in this very moment.
 */
async function recordPaid(deps: RecordDeps, payment: Payment, received: Received): Promise<Payment | undefined> {
  const { change, entry } = asPaid(deps, payment, received, deps.clock().toISOString());
  return movePayment(deps, payment, change, onlyOnce(await bookingWrites(deps, [entry])));
}

/** Makes writes fail that would replace what stands there. */
const onlyOnce = (writes: Writes): Writes =>
  writes.map(({ Put }) => ({
    Put: { ...(Put as NonNullable<typeof Put>), ConditionExpression: "attribute_not_exists(pk)" },
  }));

/** Makes the change by which a payment says that somebody has paid, and the entry that must be booked with it, or before. */
export function asPaid(
  { zone }: Pick<RecordDeps, "zone">,
  payment: Payment,
  received: Received,
  bookedAt: string,
): { change: PaymentChange & { received: Received }; entry: Booked } {
  const { id, provider, fee } = payment;
  const { amount, currency, at, providerPaymentId } = received;
  // Nobody knows what they keep of money in another currency than was asked for.
  const kept = fee === undefined || currency !== payment.amount.currency ? 0 : feeOn(received, fee);
  const entry = paymentEntry({ paymentId: id, provider }, { amount, currency }, kept, { at, bookedAt, zone });
  return { change: { state: "succeeded", received, providerPaymentId, asked: 0, dueAt: bookedAt }, entry };
}

/** Has a payment whose money is disputed looked at again later. The dispute's end makes it due at once. */
export const holdBack = (deps: RecordDeps, payment: Payment): Promise<Payment | undefined> =>
  movePayment(deps, payment, { dueAt: after(deps.clock(), LIMITS.disputedRefundSeconds) });

/** Notes what the provider says of a refund, and books it when the payer has it. Undefined: the payment was changed meanwhile. */
export async function recordRefund(
  deps: RecordDeps,
  payment: Payment,
  refund: PaymentRefund,
  outcome: RefundOutcome | RefundQueryOutcome,
  inFlightSeconds: number,
): Promise<Payment | undefined> {
  const now = deps.clock().toISOString();
  const { reason: _before, ...rest } = refund;
  const asked = refund.asked + 1;
  const dueAt = nextQuestion(asked, deps.clock());
  const put = (to: PaymentRefund, due: string, ...rest: Parameters<typeof movePayment>[3][]) =>
    movePayment(deps, payment, { ...dueOf(payment, to, due), refunds: { ...payment.refunds, [to.id]: to } }, ...rest);
  switch (outcome.kind) {
    case "refunded": {
      const { providerRefundId, at } = outcome;
      const to: PaymentRefund = { ...rest, state: "refunded", asked, providerRefundId, endedAt: at };
      const entry = repaymentEntry(refundOf(payment, refund), moneyOf(payment, refund), {
        at,
        bookedAt: now,
        zone: deps.zone,
      });
      return put(to, now, await bookingWrites(deps, [entry]));
    }
    case "refused":
      return put({ ...rest, state: "refused", asked, reason: outcome.reason, endedAt: now }, now);
    case "pending":
      return put({ ...rest, state: "pending", asked, ...whyWaiting(outcome) }, dueAt);
    case "never_heard": {
      // Asked for again when no earlier request can arrive any more. By its name it is carried out once all the same.
      const isLost = after(new Date(refund.requestedAt), inFlightSeconds) <= now;
      return put({ ...rest, state: isLost ? "requested" : "pending", asked }, dueAt);
    }
    case "unknown":
      return put({ ...rest, state: "pending", asked, ...whyWaiting(outcome) }, dueAt);
    case "not_sent":
      return put({ ...rest, asked, ...whyWaiting(outcome) }, dueAt);
  }
}

/** What an answer says of why a refund has not gone back yet. */
const whyWaiting = ({ reason }: { reason?: string }): { reason?: string } => (reason === undefined ? {} : { reason });

/** Names a refund for the books. */
export const refundOf = ({ id: paymentId, provider }: Payment, { id: refundId, bounced = 0 }: PaymentRefund) => ({
  refundId,
  paymentId,
  provider,
  time: bounced + 1,
});

/** What goes back is in the currency in which it was paid. */
export const moneyOf = ({ amount, received }: Payment, refund: PaymentRefund): Money => ({
  amount: refund.amount,
  currency: received?.currency ?? amount.currency,
});

export const dueOf = ({ refunds }: Payment, changed: PaymentRefund, at: string): { dueAt: string | undefined } =>
  dueWith({ ...refunds, [changed.id]: changed }, at);

/** Says when a payment with these refunds is due: at once while any is open; if one was refused, it waits for a person. */
export function dueWith(refunds: Payment["refunds"], at: string): { dueAt: string | undefined } {
  const all = Object.values(refunds);
  if (all.some(isOpenRefund)) return { dueAt: at };
  return { dueAt: all.some(({ state }) => state === "refused") ? FOR_A_PERSON : undefined };
}
