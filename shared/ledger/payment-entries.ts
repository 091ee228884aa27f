import type { Money } from "../kernel/money.ts";
import type { BookAccount } from "./chart.ts";
import {
  type Booked,
  type Cause,
  channelAccount,
  type Entry,
  entryOf,
  type Leg,
  move,
  nameOf,
  PLATFORM,
  type Times,
} from "./entries.ts";

// Entries of what was paid to us, here or at a payment provider, and went back.

/** Money of an outside payment lies in suspense from the moment that it was paid until a sale takes it, or it went back. */
export const paidAt = (provider: string): BookAccount => `suspense:${provider}`;
export const heldBy = (provider: string): BookAccount => `provider:${provider}`;
export const keptBy = (provider: string): BookAccount => `fees:${provider}`;

/** A channel pays money in: to us (`cash`), or at a payment provider. */
export function depositEntry(
  channelId: string,
  reference: string,
  money: Money,
  times: Times,
  provider?: string,
): Entry {
  const from = provider === undefined ? "platform:cash" : paidAt(provider);
  const legs = move(from, channelAccount(channelId), money.amount);
  return entryOf({ kind: "deposit", reference }, money.currency, legs, times);
}

/** A deposit was wrong, and is taken out of the account again. What was paid at a provider goes back there: until it has, we owe it. */
export function depositReversalEntry(
  channelId: string,
  reference: string,
  money: Money,
  times: Times,
  provider?: string,
): Entry {
  const to = provider === undefined ? "platform:cash" : paidAt(provider);
  const legs = move(channelAccount(channelId), to, money.amount);
  const link = nameOf({ kind: "deposit", reference });
  return entryOf({ kind: "deposit_reversal", reference }, money.currency, legs, times, link);
}

/**
 * Somebody has paid at a payment provider. We owe all of it to somebody; the provider has it for us, without the fee that it keeps.
 */
export function paymentEntry(
  of: { paymentId: string; provider: string },
  money: Money,
  fee: number,
  times: Times,
): Booked {
  const { paymentId, provider } = of;
  const [held, owed] = move(heldBy(provider), paidAt(provider), money.amount);
  const legs = [
    { ...held, amount: money.amount - fee },
    ...(fee === 0 ? [] : [{ account: keptBy(provider), amount: fee }]),
    owed,
  ];
  return { owner: PLATFORM, entry: entryOf({ kind: "payment", paymentId }, money.currency, legs, times) };
}

/** A refund at a payment provider. `time`: which one it is, if earlier ones came back. */
type OfRefund = { refundId: string; paymentId: string; provider: string; time: number };

/** A payment provider has given money back to who had paid it. */
export const repaymentEntry = ({ refundId, paymentId, provider, time }: OfRefund, money: Money, times: Times): Booked =>
  linked(
    { kind: "repayment", refundId, time },
    { kind: "payment", paymentId },
    move(paidAt(provider), heldBy(provider), money.amount),
    money,
    times,
  );

/** What a payment provider had given back has come back to it: nobody's bank took it. We owe it again. */
export const bounceEntry = ({ refundId, provider, time }: OfRefund, money: Money, times: Times): Booked =>
  linked(
    { kind: "bounce", refundId, time },
    { kind: "repayment", refundId, time },
    move(heldBy(provider), paidAt(provider), money.amount),
    money,
    times,
  );

/** A person has paid a refund in another way: from our own cash, as the provider keeps for us what it can't give back. */
export const elsewhereEntry = (of: Omit<OfRefund, "time">, money: Money, times: Times): Booked =>
  linked(
    { kind: "elsewhere", refundId: of.refundId },
    { kind: "payment", paymentId: of.paymentId },
    move(paidAt(of.provider), "platform:cash", money.amount),
    money,
    times,
  );

function linked(cause: Cause, to: Cause, legs: Leg[], { currency }: Money, times: Times): Booked {
  return { owner: PLATFORM, entry: entryOf(cause, currency, legs, times, nameOf(to)) };
}

/**
 * A provider's statement of a day tells what nobody else does: `fee`, what it kept beyond its contract (negative: less), and `paidOut`, what
 * it has sent to our bank. Undefined: neither.
 */
export function statementEntry(
  of: { provider: string; day: string; entry: number },
  { fee, paidOut }: { fee: number; paidOut: number },
  currency: string,
  times: Times,
): Booked | undefined {
  const { provider } = of;
  const parts: Leg[] = [
    { account: keptBy(provider), amount: fee },
    { account: "platform:cash", amount: paidOut },
    { account: heldBy(provider), amount: 0 - fee - paidOut },
  ];
  const legs = parts.filter(({ amount }) => amount !== 0);
  if (legs.length === 0) return undefined;
  return { owner: PLATFORM, entry: entryOf({ kind: "statement", ...of }, currency, legs, times) };
}
