/**
 * What somebody may ask for after the sale. `void_and_reissue`: codes that don't work · `change_recipient`: a top-up of another account ·
 * `change_product`: another product, before anybody has seen the codes · `refund` · `ask_supplier`: a question for who has delivered.
 */
export const CASE_KINDS = ["void_and_reissue", "change_recipient", "change_product", "refund", "ask_supplier"] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** How a case ends. */
export const CASE_ENDS = ["delivered", "replaced", "refunded", "compensated", "refused"] as const;
export type CaseEnd = (typeof CASE_ENDS)[number];

/**
 * The state of a case. `open`: a rule looks at it · `asking`: who has delivered is asked · `waiting`: for a person · `acting`: it is
 * decided, and being done. The others are its ends.
 */
export const CASE_STATES = ["open", "asking", "waiting", "acting", ...CASE_ENDS] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** All legal moves of a case. From an end it never moves again. */
export const CASE_MOVES: Readonly<Record<CaseState, readonly CaseState[]>> = {
  open: ["asking", "waiting", "acting", "refused", "refunded"],
  // Who has delivered may send others.
  asking: ["asking", "waiting", "acting", "replaced", "refused", "refunded"],
  waiting: ["waiting", "asking", "acting", "refused", "refunded"],
  // What was decided may turn out to be impossible: then a person decides again.
  acting: ["acting", "waiting", ...CASE_ENDS],
  delivered: [],
  replaced: [],
  refunded: [],
  compensated: [],
  refused: [],
};

/** Why a case ended as it did, or waits for a person, in a word that buyers are told in their language. */
export const CASE_REASONS = [
  "did_not_work",
  "unused_at_issuer",
  "used_at_issuer",
  "by_refund_rule",
  "too_late",
  "seen",
  "refunded_otherwise",
  "not_ours_to_change",
  "filled_already",
  "supplier_agreed",
  "supplier_refused",
  "goodwill",
  "not_justified",
] as const;
export type CaseReason = (typeof CASE_REASONS)[number];

/** A case as its order tells of it: enough to know that it is there, what became of it, and whom to tell. */
export type OrderCase = {
  id: string;
  kind: CaseKind;
  lineId: string;
  state: CaseState;
  openedAt: string;
  endedAt?: string;
  reason?: CaseReason;
};

export const isEnd = (state: CaseState): state is CaseEnd => (CASE_ENDS as readonly string[]).includes(state);

/** Finds the case of a line that has not ended. A line has one at most. */
export const openCaseOf = ({ cases = [] }: { cases?: readonly OrderCase[] }, lineId: string): OrderCase | undefined =>
  cases.find((one) => one.lineId === lineId && !isEnd(one.state));
