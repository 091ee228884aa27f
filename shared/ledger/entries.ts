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
  | { kind: "deposit" | "deposit_reversal"; reference: string }
  | { kind: "sale"; orderId: string; epoch: number }
  | { kind: "refund"; orderId: string; epoch: number; round: number }
  /** What sold codes have cost us: of one line, or of a whole sale in another currency. */
  | { kind: "cost"; orderId: string; epoch: number; of: { line: string } | { currency: string } }
  /** What codes have cost us that came back with a refund, in another currency than the refund. */
  | { kind: "return"; orderId: string; epoch: number; round: number; currency: string }
  /** Codes came into stock, at a cost. */
  | { kind: "import"; batchId: string }
  /** Codes of our stock can't be sold any more: those of a range, or one by itself. */
  | { kind: "void"; of: string }
  /** A supplier delivered; or took it back. */
  | { kind: "purchase" | "reversal"; reference: string }
  /** Codes of a case did not work, and a supplier owes us their cost; what those have cost us that stand in their places. */
  | { kind: "defect"; caseId: string; of: string }
  | { kind: "replacement"; caseId: string; currency: string }
  /** Somebody paid at a payment provider; or got that back; or it came back to us, because their bank did not take it. */
  | { kind: "payment"; paymentId: string }
  /** A refund went back by a provider, or came to nothing after that (`time` counts both), or a person paid it in another way. */
  | { kind: "repayment" | "bounce"; refundId: string; time: number }
  | { kind: "elsewhere"; refundId: string }
  /** The money of a dispute has moved, or belongs to somebody else now: numbered entries. `fee`: what it costs us, in another currency. */
  | { kind: "dispute"; disputeId: string; entry: number; of?: "fee" }
  /** A provider's statement of a day has something that our books don't: numbered entries, one for each statement that has more of it. */
  | { kind: "statement"; provider: string; day: string; entry: number };

export function nameOf(cause: Cause): string {
  switch (cause.kind) {
    case "sale":
      return `sale:${cause.orderId}@${cause.epoch}`;
    case "refund":
      return `refund:${cause.orderId}@${cause.epoch}#${cause.round}`;
    case "cost":
      return `cost:${cause.orderId}@${cause.epoch}#${"line" in cause.of ? cause.of.line : cause.of.currency}`;
    case "return":
      return `return:${cause.orderId}@${cause.epoch}#${cause.round}#${cause.currency}`;
    case "deposit":
    case "deposit_reversal":
    case "purchase":
    case "reversal":
      return `${cause.kind}:${cause.reference}`;
    case "import":
      return `import:${cause.batchId}`;
    case "payment":
      return `payment:${cause.paymentId}`;
    case "repayment":
    case "bounce":
      return `${cause.kind}:${cause.refundId}${cause.time === 1 ? "" : `#${cause.time}`}`;
    case "defect":
      return `defect:${cause.caseId}#${cause.of}`;
    case "replacement":
      return `replacement:${cause.caseId}#${cause.currency}`;
    case "void":
      return `void:${cause.of}`;
    case "elsewhere":
      return `elsewhere:${cause.refundId}`;
    case "statement":
      return `statement:${cause.provider}@${cause.day}#${cause.entry}`;
    case "dispute":
      return `dispute:${cause.disputeId}#${cause.entry}${cause.of === undefined ? "" : `#${cause.of}`}`;
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

export type Times = { at: string; bookedAt?: string; zone: Zone };

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
export const move = (debit: BookAccount, credit: BookAccount, amount: number): [Leg, Leg] => [
  { account: debit, amount },
  // Not −0, which is another value than 0 to some comparisons.
  { account: credit, amount: 0 - amount },
];

/** A channel's prepaid account in the books. */
export const channelAccount = (id: string): BookAccount => `channel:${id}`;
