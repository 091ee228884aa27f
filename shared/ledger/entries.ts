import type { Money } from "../kernel/money.ts";
import { type BookAccount, isBookAccount } from "./chart.ts";
import { dayIn, type Zone } from "./day.ts";

/** One side of an entry: a positive amount is a debit, a negative one a credit. Minor units of the entry's currency. */
export type Leg = { account: BookAccount; amount: number };

/**
 * One movement of money between accounts, in one currency. Its legs sum to zero. It never changes. What moves in two
 * currencies is two entries; the second one names the first (`link`).
 */
export type Entry = {
  name: string;
  /** When its cause happened. It is a part of the key. */
  at: string;
  /** The day in the shop's zone on which it counts: that of a sale's payment, otherwise that of the booking. */
  day: string;
  /** When it was booked, if that is not when its cause happened. */
  bookedAt?: string;
  currency: string;
  legs: Leg[];
  /** The name of the entry that this one belongs to. */
  link?: string;
};

/** The most legs of one entry, which keeps it within a kilobyte. */
export const LEGS = 10;

/** Where entries lie together: a channel, a supplier, or ourselves; and a currency. */
export type Book = { owner: string; currency: string };

/** The owner of the book for what is neither a channel's nor a supplier's. */
export const PLATFORM = "platform";

/** An entry and the book that it belongs to. */
export type Booked = { owner: string; entry: Entry };

/** The cause of a movement of money. One cause is one entry, however often it is written. */
export type Cause =
  | { kind: "deposit"; reference: string }
  | { kind: "sale"; orderId: string; epoch: number }
  | { kind: "refund"; orderId: string; epoch: number; round: number }
  /** What sold codes have cost us: of one line, or of a whole sale in another currency. */
  | { kind: "cost"; orderId: string; epoch: number; of: { line: string } | { currency: string } }
  /** What codes have cost us that came back with a refund, in another currency than the refund. */
  | { kind: "return"; orderId: string; epoch: number; round: number; currency: string }
  /** Codes came into stock, at a cost. */
  | { kind: "import"; batchId: string }
  /** A supplier delivered; or took it back. */
  | { kind: "purchase" | "reversal"; reference: string }
  /** Somebody paid at a payment provider; or got that back. */
  | { kind: "payment"; paymentId: string }
  | { kind: "repayment"; refundId: string };

export function nameOf(cause: Cause): string {
  switch (cause.kind) {
    case "deposit":
      return `deposit:${cause.reference}`;
    case "sale":
      return `sale:${cause.orderId}@${cause.epoch}`;
    case "refund":
      return `refund:${cause.orderId}@${cause.epoch}#${cause.round}`;
    case "cost":
      return `cost:${cause.orderId}@${cause.epoch}#${"line" in cause.of ? cause.of.line : cause.of.currency}`;
    case "return":
      return `return:${cause.orderId}@${cause.epoch}#${cause.round}#${cause.currency}`;
    case "import":
      return `import:${cause.batchId}`;
    case "purchase":
    case "reversal":
      return `${cause.kind}:${cause.reference}`;
    case "payment":
      return `payment:${cause.paymentId}`;
    case "repayment":
      return `repayment:${cause.refundId}`;
  }
}

export const kindOf = ({ name }: Pick<Entry, "name">): Cause["kind"] =>
  name.slice(0, name.indexOf(":")) as Cause["kind"];

/** Says what is wrong with legs. Undefined: nothing. */
export function wrongLegs(legs: readonly Readonly<{ account: string; amount: number }>[]): string | undefined {
  if (legs.length < 2 || legs.length > LEGS) return `${legs.length} legs`;
  const unknown = legs.find(({ account }) => !isBookAccount(account));
  if (unknown !== undefined) return "an account that the chart doesn't have";
  if (!legs.every(({ amount }) => Number.isSafeInteger(amount))) return "an amount that is no whole number";
  const sum = legs.reduce((total, { amount }) => total + amount, 0);
  return sum === 0 ? undefined : `legs that sum to ${sum}`;
}

type Times = { at: string; bookedAt?: string; zone: Zone };

/**
 * Makes an entry: the only way to do so. Throws if its legs don't sum to zero, or are not what legs may be: that is a
 * mistake in the software, and nothing may be booked by it.
 */
export function entryOf(cause: Cause, currency: string, legs: readonly Leg[], times: Times, link?: string): Entry {
  const { at, bookedAt, zone } = times;
  const name = nameOf(cause);
  const wrong = wrongLegs(legs);
  if (wrong !== undefined) throw new Error(`the entry ${name} has ${wrong}`);
  return {
    name,
    at,
    day: dayIn(zone, bookedAt ?? at),
    ...(bookedAt === undefined ? {} : { bookedAt }),
    currency,
    legs: [...legs],
    ...(link === undefined ? {} : { link }),
  };
}

/** Makes the two legs by which an amount goes to `debit` and comes from `credit`. */
export const move = (debit: BookAccount, credit: BookAccount, amount: number): Leg[] => [
  { account: debit, amount },
  // Not −0, which is another value than 0 to some comparisons.
  { account: credit, amount: 0 - amount },
];

const channel = (id: string): BookAccount => `channel:${id}`;
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

/** A channel pays money in: to us (`cash`), or at a payment provider. */
export function depositEntry(
  channelId: string,
  reference: string,
  money: Money,
  times: Times,
  provider?: string,
): Entry {
  const from = provider === undefined ? "platform:cash" : paidAt(provider);
  const legs = move(from, channel(channelId), money.amount);
  return entryOf({ kind: "deposit", reference }, money.currency, legs, times);
}

type OfOrder = { channelId: string; orderId: string; epoch: number };

/** What was paid at a payment provider, in minor units. */
export type Outside = { provider: string; amount: number };

/** Money of an outside payment lies in suspense from the moment that it was paid until a sale takes it, or it went back. */
const paidAt = (provider: string): BookAccount => `suspense:${provider}`;
const heldBy = (provider: string): BookAccount => `provider:${provider}`;

/** Makes the legs by which a channel, and who paid at a provider, pay for a sale. A channel that pays nothing has none. */
function paidLegs(channelId: string, amount: number, outside: Outside | undefined): Leg[] {
  const all = amount + (outside?.amount ?? 0);
  return [
    ...(amount === 0 && outside !== undefined ? [] : [{ account: channel(channelId), amount }]),
    ...(outside === undefined ? [] : [{ account: paidAt(outside.provider), amount: outside.amount }]),
    { account: "platform:sales", amount: 0 - all },
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

/** Codes came into stock, of a supplier who is owed their cost. Without one, nobody has said who that is. */
export function importEntry(batchId: string, cost: Money, times: Times, supplierId?: string): Booked {
  const owed = supplierId === undefined ? ("suspense:stock" as const) : (`supplier:${supplierId}` as const);
  const entry = entryOf({ kind: "import", batchId }, cost.currency, move("platform:stock", owed, cost.amount), times);
  return { owner: supplierId ?? PLATFORM, entry };
}

/** A supplier delivered what an order had bought. */
export function purchaseEntry(bought: { reference: string; supplierId: string }, cost: Money, times: Times): Booked {
  const { reference, supplierId } = bought;
  const legs = move("platform:cost", `supplier:${supplierId}`, cost.amount);
  return { owner: supplierId, entry: entryOf({ kind: "purchase", reference }, cost.currency, legs, times) };
}

/** A supplier took back what it had delivered for an order. */
export function reversalEntry(bought: { reference: string; supplierId: string }, cost: Money, times: Times): Booked {
  const { reference, supplierId } = bought;
  const legs = move(`supplier:${supplierId}`, "platform:cost", cost.amount);
  const link = nameOf({ kind: "purchase", reference });
  return { owner: supplierId, entry: entryOf({ kind: "reversal", reference }, cost.currency, legs, times, link) };
}

/**
 * A supplier delivered for our stock. `stocked`: what the codes that are in stock have cost. What was charged beyond
 * that (pieces that did not come, or that we had before) waits until a person has talked to the supplier; what is left
 * over when the charge is divided by the pieces, less than a minor unit for each, is an expense.
 */
export function restockEntry(
  bought: { reference: string; supplierId: string },
  cost: { currency: string; charged: number; stocked: number; leftOver: number },
  times: Times,
): Booked {
  const { reference, supplierId } = bought;
  const { currency, charged, stocked, leftOver } = cost;
  const missing = charged - stocked - leftOver;
  const legs: Leg[] = [
    { account: "platform:stock", amount: stocked },
    ...(leftOver === 0 ? [] : [{ account: "platform:cost", amount: leftOver } as const]),
    ...(missing === 0 ? [] : [{ account: `suspense:${supplierId}`, amount: missing } as const]),
    { account: `supplier:${supplierId}`, amount: 0 - charged },
  ];
  return { owner: supplierId, entry: entryOf({ kind: "purchase", reference }, currency, legs, times) };
}

/** Somebody has paid at a payment provider. The provider has the money, and we owe it to somebody. */
export function paymentEntry(of: { paymentId: string; provider: string }, money: Money, times: Times): Booked {
  const { paymentId, provider } = of;
  const legs = move(heldBy(provider), paidAt(provider), money.amount);
  return { owner: PLATFORM, entry: entryOf({ kind: "payment", paymentId }, money.currency, legs, times) };
}

/** A payment provider has given money back to who had paid it. */
export function repaymentEntry(
  of: { refundId: string; paymentId: string; provider: string },
  money: Money,
  times: Times,
): Booked {
  const { refundId, paymentId, provider } = of;
  const legs = move(paidAt(provider), heldBy(provider), money.amount);
  const link = nameOf({ kind: "payment", paymentId });
  return { owner: PLATFORM, entry: entryOf({ kind: "repayment", refundId }, money.currency, legs, times, link) };
}
