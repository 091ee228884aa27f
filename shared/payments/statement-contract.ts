/** A payment provider's own books, as every provider's look to us. They are one of the few things that a method may offer. */
import type { Zone } from "../ledger/day.ts";

/**
 * What a provider has booked. `bounce`: money that it had given back has come back to it · `dispute`: money that it took because of a
 * dispute, or gave back · `fee`: what it keeps beside its payments · `payout`: what it has sent to our bank · `other`: anything else.
 */
export const STATEMENT_KINDS = ["payment", "refund", "bounce", "dispute", "fee", "payout", "other"] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

/** One movement that a provider has booked. */
export type StatementLine = {
  kind: StatementKind;
  /** What it is about, by our name for the payment or refund; what has none of ours is named as the provider names it. */
  name: string;
  /** The provider's name for it. */
  externalId: string;
  /** Minor units. What goes back is positive too; only of a dispute, and of `other`, a negative amount is what was taken. */
  amount: number;
  /** What the provider keeps of it, in thousandths of a minor unit, as some count so exactly. Negative: it is given back. */
  feeThousandths: number;
  currency: string;
  at: string;
};

/** What a statement consists of, in its order. */
export type StatementRow =
  | { row: "line"; line: StatementLine }
  /** A line that we can't read, by its number in the file. 0: the statement's sums are others than those of its lines. */
  | { row: "unreadable"; number: number; reason: string }
  /** What it has taken for fees in all, in whole minor units: its lines say them exactly, and each was rounded when it was taken. */
  | { row: "fees"; currency: string; amount: number }
  /** How much the provider had for us at the end of the day. */
  | { row: "closing"; currency: string; amount: number };

export type StatementOutcome =
  | { kind: "statement"; rows: AsyncIterable<StatementRow> }
  /** There is none: nothing was booked on that day, or it is not made yet. */
  | { kind: "none" }
  | { kind: "unknown"; reason: string };

/** The reading of a statement has ended before its end. Nothing that was read of it counts. `reason` is a word of ours. */
export class BrokenStatement extends Error {
  override readonly name = "BrokenStatement";
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** Where a provider's books are read, a day at a time. */
export interface StatementDesk {
  /** Where its days begin. */
  readonly zone: Zone;
  /** How long after a day its statement is there, as a rule. */
  readonly readyAfterHours: number;
  /** Asks for the statement of a day, as `2026-11-29`. Going through its rows may throw `BrokenStatement`. */
  read(day: string): Promise<StatementOutcome>;
}
