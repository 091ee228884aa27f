import type { Money } from "../kernel/money.ts";
import { type Booked, channelAccount, entryOf, type Leg, move, nameOf, PLATFORM, type Times } from "./entries.ts";
import { paidAt } from "./payment-entries.ts";

// Entries of what channels buy, what that has cost us, and what goes back of both.

const costs = (amount: number): Leg[] => move("platform:cost", "platform:stock", amount);

/** Splits costs: what is in the currency of the sale, and what is in others. */
function byCurrency(all: readonly Money[], currency: string): { same: number; others: Money[] } {
  const sums = new Map<string, number>();
  for (const one of all) sums.set(one.currency, (sums.get(one.currency) ?? 0) + one.amount);
  const same = sums.get(currency) ?? 0;
  sums.delete(currency);
  const others = [...sums].filter(([, amount]) => amount !== 0);
  return { same, others: others.map(([other, amount]) => ({ amount, currency: other })) };
}

type OfOrder = { channelId: string; orderId: string; epoch: number };

/** What was paid at a payment provider, in minor units, and how much of that is the channel's margin. */
export type Outside = { provider: string; amount: number; margin?: number };

/**
 * Makes the legs by which a channel, and who paid at a provider, pay for a sale. A channel that pays nothing has none. What it earns is a
 * leg of its own, so that what it pays can be told from it.
 */
function paidLegs(channelId: string, amount: number, outside: Outside | undefined): Leg[] {
  const { margin = 0 } = outside ?? {};
  const ours = amount + (outside?.amount ?? 0) - margin;
  return [
    ...(amount === 0 && outside !== undefined ? [] : [{ account: channelAccount(channelId), amount }]),
    ...(outside === undefined ? [] : [{ account: paidAt(outside.provider), amount: outside.amount }]),
    { account: "platform:sales", amount: 0 - ours },
    ...(margin === 0 ? [] : [{ account: channelAccount(channelId), amount: 0 - margin }]),
  ];
}

/** The same legs the other way round. */
const backLegs = (...paid: Parameters<typeof paidLegs>): Leg[] =>
  paidLegs(...paid)
    .map(({ account, amount }) => ({ account, amount: 0 - amount }))
    .toReversed();

/**
 * A channel has bought: `price` is what it pays from its balance, `outside` what was paid at a payment provider. What the codes have
 * cost us stands in the same entry. A cost in another currency than the price is an entry of our own book.
 */
export function saleEntries(
  of: OfOrder,
  price: Money,
  cost: readonly Money[],
  times: Times,
  outside?: Outside,
): Booked[] {
  const { channelId, orderId, epoch } = of;
  const cause = { kind: "sale", orderId, epoch } as const;
  const { same, others } = byCurrency(cost, price.currency);
  const legs = [...paidLegs(channelId, price.amount, outside), ...(same === 0 ? [] : costs(same))];
  return [
    { owner: channelId, entry: entryOf(cause, price.currency, legs, times) },
    ...others.map(({ amount, currency }) => ({
      owner: PLATFORM,
      entry: entryOf({ kind: "cost", orderId, epoch, of: { currency } }, currency, costs(amount), times, nameOf(cause)),
    })),
  ];
}

/** Codes of one line were sold after the sale was booked: a large order's, or those that replace others. */
export function lineCostEntries(of: OfOrder & { line: string }, cost: readonly Money[], times: Times): Booked[] {
  const { orderId, epoch, line } = of;
  const { others } = byCurrency(cost, "");
  const several = others.length > 1;
  return others.map(({ amount, currency }) => {
    const cause = { kind: "cost", orderId, epoch, of: { line: several ? `${line}#${currency}` : line } } as const;
    const link = nameOf({ kind: "sale", orderId, epoch });
    return { owner: PLATFORM, entry: entryOf(cause, currency, costs(amount), times, link) };
  });
}

/**
 * A channel gets money back, and we get codes back into stock, which have cost us `cost`. `outside`: what a payment provider is to give
 * back; until it has, we owe it.
 */
export function refundEntries(
  of: OfOrder & { round: number },
  money: Money,
  cost: readonly Money[],
  times: Times,
  outside?: Outside,
): Booked[] {
  const { channelId, orderId, epoch, round } = of;
  const cause = { kind: "refund", orderId, epoch, round } as const;
  const { same, others } = byCurrency(cost, money.currency);
  const legs = [...backLegs(channelId, money.amount, outside), ...(same === 0 ? [] : costs(0 - same))];
  return [
    { owner: channelId, entry: entryOf(cause, money.currency, legs, times) },
    ...others.map(({ amount, currency }) => ({
      owner: PLATFORM,
      entry: entryOf(
        { kind: "return", orderId, epoch, round, currency },
        currency,
        costs(0 - amount),
        times,
        nameOf(cause),
      ),
    })),
  ];
}
