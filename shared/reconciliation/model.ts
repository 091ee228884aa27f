import { fingerprintOf } from "../kernel/ids.ts";
import type { Field, Movement, Said } from "./match.ts";

/**
 * How a provider's day stands. `waiting`: its statement is not there yet · `failed`: it can't be read · `carried`: what differs may be in the
 * statement of the day after, which is not read yet · `different`: something differs · `reconciled`: nothing does.
 */
export const RECONCILIATION_STATES = ["waiting", "failed", "carried", "different", "reconciled"] as const;
export type ReconciliationState = (typeof RECONCILIATION_STATES)[number];

/**
 * What differs. `different`: both have it, with another amount, fee or currency · `missing_here`: our books don't have it ·
 * `missing_there`: the statement doesn't · `other_day`: both have it, on another day, which needs nobody · `unreadable`: a line that we
 * can't read · `other_closing`: the balance at the end of the day.
 */
export const DIFFERENCES = [
  "different",
  "missing_here",
  "missing_there",
  "other_day",
  "unreadable",
  "other_closing",
] as const;
export type DifferenceKind = (typeof DIFFERENCES)[number];

/** What to do about a difference, in a word. The README says each in a sentence. */
export const TODOS = [
  "nothing",
  "wait_a_day",
  "query_payment",
  "find_owner",
  "find_refund",
  "find_dispute",
  "check_twin",
  "check_rate",
  "check_amount",
  "check_currency",
  "ask_provider",
  "read_by_hand",
  "find_missing_movement",
] as const;
export type Todo = (typeof TODOS)[number];

type Figures = Pick<Movement, "amount" | "feeThousandths" | "currency" | "at">;

/** One difference, as it is kept and shown. `ours`, `theirs`: what each side says; absent where it says nothing. */
export type Difference = {
  is: DifferenceKind;
  todo: Todo;
  kind?: string;
  name?: string;
  externalId?: string;
  occurrence?: number;
  in?: Field[];
  ours?: Figures;
  theirs?: Figures;
  /** Of a line that can't be read: its number in the file, and why. */
  line?: number;
  reason?: string;
};

/** Names a difference by what each side says, so that the next look finds it under the same name; another figure is another difference. */
export function differenceId({ todo: _todo, ...said }: Difference): string {
  return fingerprintOf(said).slice(0, 16);
}

/** A person has said that a difference is all right: why, who and when; and what it was. */
export type Accepted = Pick<Difference, "is" | "name"> & { reason: string; by: string; at: string };

export const figuresOf = ({ amount, feeThousandths, currency, at }: Movement | Said): Figures => ({
  amount,
  feeThousandths,
  currency,
  at,
});

/** How many lines and differences there are, by kind. */
export type Counts = { lines: number; matched: number } & Record<DifferenceKind, number>;
export const noCounts = (): Counts => ({
  lines: 0,
  matched: 0,
  different: 0,
  missing_here: 0,
  missing_there: 0,
  other_day: 0,
  unreadable: 0,
  other_closing: 0,
});

/** Amounts by currency, in minor units. */
export type Sums = Record<string, number>;

/**
 * A provider's day. `booked`: what its statements have had us book, in how many entries · `account`: what our books say that the provider has
 * for us at the end of the day, where the statement says it too (`closing`), and by how much that has `moved` on this day.
 */
export type Reconciliation = {
  provider: string;
  day: string;
  /** Rises with each change. Every change is conditional on it. */
  version: number;
  state: ReconciliationState;
  /** When somebody looked last, and when it is looked at next. Absent: nobody looks again by themselves. */
  lookedAt: string;
  lookAt?: string;
  /** Why the last look could not read it. */
  reason?: string;
  /** SHA-256 of what was read, and the objects that hold it. */
  hash?: string;
  kept?: number;
  counts: Counts;
  /** The first differences; all of them are in `parts` objects of this name. */
  first: Difference[];
  differences?: { name: string; parts: number };
  /** Differences that a person has accepted, by their ids: they are listed, and count no more. */
  accepted?: Record<string, Accepted>;
  /** Fees that the statement has more than our books have by contract, and what was paid out to our bank. */
  fees: Sums;
  payouts: Sums;
  booked: { fees: Sums; payouts: Sums; entries: number };
  account?: Sums;
  moved?: Sums;
  closing?: Sums;
};

/** Says how a day stands that was compared. What is only carried may still be found. */
export function stateOf(counts: Counts, carried: number): ReconciliationState {
  const { different, missing_here, missing_there, unreadable, other_closing } = counts;
  const open = different + missing_here + missing_there + unreadable + other_closing;
  if (open === 0) return "reconciled";
  return open === carried ? "carried" : "different";
}
