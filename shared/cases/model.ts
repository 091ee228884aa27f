import type { Ticket } from "../inventory/model.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import type { CaseEnd, CaseKind, CaseReason, CaseState } from "../orders/cases.ts";

/** Who has opened a case: the channel by its API, its buyer on the order's page, or an operator. */
export const OPENERS = ["channel", "buyer", "operator"] as const;
export type Opener = (typeof OPENERS)[number];

/** What is done for a case: other codes · money back · pieces more, for nothing · nothing. */
export const CASE_ACTIONS = ["replace", "refund", "compensate", "refuse"] as const;
export type CaseAction = (typeof CASE_ACTIONS)[number];

/** Why a case waits for a person. `sold_out`: what was decided could not be done, for there is no stock. */
export const WAITS_FOR = [
  "seen",
  "worth",
  "too_many",
  "again",
  "disputed",
  "sold_out",
  "limit",
  "supplier_refused",
  "supplier_silent",
  "not_decided_by_rule",
] as const;
export type WaitsFor = (typeof WAITS_FOR)[number];

/** What was decided, and by whom: a principal, or a rule. */
export type CaseDecision = {
  action: CaseAction;
  reason: CaseReason;
  by: string;
  at: string;
  /** Pieces that are given for nothing. */
  pieces?: number;
};

/** A code that did not work, and the one that stands in its place, by their ids. */
export type Swap = { dead: string; fresh: string };

/** A case in full. What its order tells of it is a part of this. */
export type Case = {
  id: string;
  /** Rises with each change. Every change is conditional on it. */
  version: number;
  orderId: string;
  channelId: string;
  kind: CaseKind;
  lineId: string;
  /** The codes that it is about, by their places. Absent: the line as a whole. */
  tickets?: readonly Ticket[];
  /** A fingerprint of what was asked for, by which another wish under the same key is told. */
  what: string;
  state: CaseState;
  openedBy: Opener;
  openedAt: string;
  /** What was paid for what it is about. */
  worth: Money;
  /** When the next thing is to be done. Absent: it has ended. */
  dueAt?: string;
  /** Until when it is to be decided; and that it was not. */
  decideBy: string;
  isLate?: true;
  waitsFor?: WaitsFor;
  decision?: CaseDecision;
  /** What the first of two people has decided. */
  proposal?: { substance: string; by: string; person?: string; at: string };
  reason?: CaseReason;
  endedAt?: string;
  swaps?: readonly Swap[];
  /** Who has delivered was asked: how often so far, and what it said last, in our words: evidence for what was decided. */
  asked?: { supplierId: string; times: number; answer?: string; at?: string };
  correlationId?: string;
};

/** Makes the end that an action comes to. */
export const END_OF: Readonly<Record<CaseAction, CaseEnd>> = {
  replace: "replaced",
  refund: "refunded",
  compensate: "compensated",
  refuse: "refused",
};

/** Gives the time at which a case that waits is looked at next: when it gets late, and from time to time before and after that. */
export function nextLook({ decideBy }: Pick<Case, "decideBy">, now: Date): string {
  const soon = after(now, LIMITS.caseLookSeconds);
  return decideBy > now.toISOString() && decideBy < soon ? decideBy : soon;
}
