import type { Money } from "../kernel/money.ts";

/**
 * A channel's prepaid account in one currency: an escrowed counter. `spendable` is balance plus credit less everything
 * pending, stored because a condition can't add.
 */
export type Account = {
  channelId: string;
  currency: string;
  spendable: number;
  credit: number;
  /** Sum of all posted sales, for the ledger's own check. */
  posted: number;
  /** By order and epoch: money taken for an order that the ledger has not booked yet. */
  pending: Record<string, Pending>;
};

/** The nonce tells two debits for one order apart: the order names the one that paid for it. */
export type Pending = { amount: number; nonce: string; at: string };

/** What caused a movement of money. One cause is one entry, however often it is written. */
export type Cause =
  | { kind: "deposit"; reference: string }
  | { kind: "sale"; orderId: string; epoch: number }
  | { kind: "refund"; orderId: string; epoch: number; round: number };

/** One double entry: `amount` leaves `debit` and arrives at `credit`. Immutable. */
export type Entry = {
  name: string;
  debit: string;
  credit: string;
  amount: number;
  currency: string;
  at: string;
};

export function nameOf(cause: Cause): string {
  switch (cause.kind) {
    case "deposit":
      return `deposit:${cause.reference}`;
    case "sale":
      return `sale:${cause.orderId}@${cause.epoch}`;
    case "refund":
      return `refund:${cause.orderId}@${cause.epoch}#${cause.round}`;
  }
}

export const pendingKey = (orderId: string, epoch: number): string => `${orderId}@${epoch}`;

/** The books: a channel's money is our debt to it until a sale earns it. */
export function entryFor(cause: Cause, channelId: string, money: Money, at: string): Entry {
  const account = `channel:${channelId}`;
  const [debit, credit] = {
    deposit: ["cash", account],
    sale: [account, "sales"],
    refund: ["sales", account],
  }[cause.kind] as [string, string];
  return { name: nameOf(cause), debit, credit, ...money, at };
}
