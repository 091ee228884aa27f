import { type Disputed, leftOf, type Payment, type PaymentRefund } from "../payments/model.ts";
import { shareOf } from "../pricing/refund-share.ts";
import { type Dispute, heldOf } from "./model.ts";

/**
 * Where the money of a dispute is, in minor units, as debits: with these it comes to what the provider holds less. `pending`: nobody has
 * decided yet · `channel`: the channel owes it to us · `owed`: it has paid what we owed the payer anyway · `loss`: it is lost · `fee`: what
 * the provider took for its work, in the currency of its fees.
 */
export type Booked = { pending: number; channel: number; owed: number; loss: number; fee: number };

export const NOTHING: Booked = { pending: 0, channel: 0, owed: 0, loss: 0, fee: 0 };

type Known = Pick<Dispute, "id" | "state" | "funds" | "fees">;

/**
 * Says which refunds of a payment have been paid by disputes that were lost, and which have not. Such a refund must not be asked for: its
 * payer would be paid twice. If a bank decides again, and for us, the refund is due again. Pure.
 */
export function settleRefunds(
  payment: Pick<Payment, "received" | "refunds">,
  disputes: Readonly<Record<string, Disputed>>,
  now: string,
): Record<string, PaymentRefund> {
  const all = Object.values(disputes);
  const left = leftOf({ ...payment, disputes });
  const lost = sum(all.filter(({ state }) => state === "lost").map(({ held }) => held));
  const isUndecided = all.some(({ state, held }) => state !== "lost" && held > 0);
  const refunds = { ...payment.refunds };
  let covered = 0;
  const candidates = Object.values(refunds)
    .filter(({ state }) => ["requested", "refused", "charged_back"].includes(state))
    .toSorted((a, b) => a.requestedAt.localeCompare(b.requestedAt) || a.id.localeCompare(b.id));
  for (const { reason, endedAt, ...refund } of candidates) {
    const { id, amount } = refund;
    // What a dispute has ended is open again, and ends again if the dispute says so today.
    const isOurs = refund.state !== "refused" || reason === BY_DISPUTE;
    const isPaid = amount > left && covered + amount <= lost;
    if (isPaid) covered += amount;
    // Of one that is half paid no rule says what becomes of the rest.
    const isStuck = isOurs && amount > left && !isUndecided;
    if (isPaid) refunds[id] = { ...refund, state: "charged_back", endedAt: endedAt ?? now };
    else if (isStuck) refunds[id] = { ...refund, state: "refused", reason: BY_DISPUTE, endedAt: endedAt ?? now };
    else if (isOurs) refunds[id] = { ...refund, state: "requested" };
  }
  return refunds;
}

/** Why a refund is refused whose money a dispute has taken, and not all of it. */
const BY_DISPUTE = "charged_back";

/** Tells whether a payment has refunds that a dispute, which was lost, may have paid. */
export const isToSettle = (payment: Payment): boolean =>
  Object.values(payment.disputes ?? {}).some(({ state, held }) => state === "lost" && held > 0) &&
  Object.values(payment.refunds).some(
    ({ state, amount }) => (state === "requested" || state === "refused") && amount > leftOf(payment),
  );

const amountsIn = (refunds: Readonly<Record<string, PaymentRefund>>, states: readonly string[]): number[] =>
  Object.values(refunds)
    .filter(({ state }) => states.includes(state))
    .map(({ amount }) => amount);

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/**
 * Says where the money of a dispute is: a function of what its provider says and of its payment, and of nothing that was said before. So
 * the books are right however the news came. `margin`: what the channel has earned by the payment, without what went back; of what is lost
 * it gives its share back. A deposit that was paid in is the channel's debt from the first moment. Pure.
 */
export function positionOf({ id, state, funds, fees }: Known, payment: Payment, margin: number): Booked {
  const held = heldOf(funds);
  const of = { ...NOTHING, fee: heldOf(fees) };
  if (payment.purpose.kind === "deposit" && payment.counted === true) return { ...of, channel: held };
  if (state !== "lost") return { ...of, pending: held };
  const others = Object.entries(payment.disputes ?? {}).filter(([other]) => other !== id);
  const covered = sum(amountsIn(payment.refunds, ["charged_back"])) - sum(others.map(([, one]) => one.owed));
  const owed = Math.max(0, Math.min(held, covered));
  const rest = held - owed;
  const channel = marginIn(payment, margin, rest);
  return { ...of, owed, channel, loss: rest - channel };
}

/** The channel's margin in what is lost: what it has still earned by the payment, shared over what has not been given back. */
function marginIn({ received, refunds }: Payment, margin: number, lost: number): number {
  // One that was tried again stands there twice.
  const back = Object.values(refunds).filter(({ state }) => state !== "retried");
  const left = (received?.amount ?? 0) - sum(back.map(({ amount }) => amount));
  return left <= 0 ? 0 : shareOf(margin, { before: 0, more: Math.min(lost, left), of: left });
}
