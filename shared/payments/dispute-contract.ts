/**
 * What disputes and complaints about payments look like to us. An adapter turns those of its provider into these few words. Amounts are
 * whole minor units, times RFC 3339 in UTC. Reasons are words of ours, never a provider's own text.
 */
import type { Money } from "../kernel/money.ts";

/**
 * Where a dispute stands at its provider.
 *
 * | state | the payer's bank, or the payer | Stripe's `status` | WeChat Pay's `complaint_state` |
 * | --- | --- | --- | --- |
 * | `inquiry` | asks, and waits for our answer; no money moves | `warning_needs_response` | |
 * | `inquiry_answered` | has our answer | `warning_under_review` | |
 * | `inquiry_closed` | wants nothing any more | `warning_closed`, `prevented` | |
 * | `opened` | takes the money back, and waits for our evidence | `needs_response` | |
 * | `answered` | has our evidence, and decides | `under_review` | |
 * | `won` | has decided for us | `won` | |
 * | `lost` | has decided for the payer, or we have accepted it | `lost` | |
 * | `complained` | waits for our reply; no money moves | | `PENDING` |
 * | `replied` | has a reply; we have not said that it is done | | `PROCESSING` |
 * | `completed` | it is done | | `PROCESSED` |
 */
export const DISPUTE_STATES = [
  "inquiry",
  "inquiry_answered",
  "inquiry_closed",
  "opened",
  "answered",
  "won",
  "lost",
  "complained",
  "replied",
  "completed",
] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

/** Why the payer disputes a payment. What fits none of the others is `other`. */
export const DISPUTE_REASONS = [
  "fraudulent",
  "not_received",
  "not_as_described",
  "duplicate",
  "refund_expected",
  "cancelled",
  "other",
] as const;
export type DisputeReason = (typeof DISPUTE_REASONS)[number];

/** What a provider has moved because of a dispute, since its beginning: two sums that only grow. */
export type Moved = { taken: number; givenBack: number };

/** What a provider says of a dispute when it is asked. */
export type DisputeNews = {
  state: DisputeState;
  /** Our name for the payment (`Charge.id`). Absent: it is about no payment of ours, and nothing is done. */
  paymentId?: string;
  /** What the payer wants back: all that was paid, or a part. In the currency in which it was paid. */
  amount: Money;
  reason: DisputeReason;
  openedAt: string;
  /** Until when evidence, or the first reply, is taken. Absent: none is. */
  answerBy?: string;
  /** Until when a complaint must be done. */
  completeBy?: string;
  /** Whether the provider has evidence or a reply of ours. A draft that it has not passed on is none. */
  isAnswered: boolean;
  /** What has gone from our balance there, and come back, in the currency of `amount` and without fees; by its books, not by `state`. */
  funds: Moved;
  /** What the dispute costs us at the provider. Its currency may be another one, that of our balance there. */
  fees: Moved & { currency: string };
  /** What the payer writes. It may name people: an operator sees it, on record, and it is never stored. */
  words?: string;
};

/** What we know of a disputed sale. It never holds a code, and no address or name of a buyer but the one of the network. */
export type Evidence = {
  /** What was sold, in words; at most 1,000 characters. */
  product: string;
  paidAt?: string;
  deliveredAt?: string;
  /** The network address that the payer paid from, if the channel has said so. */
  payerIp?: string;
  /** Who has looked at the goods, oldest first: by whose key or link, from which network address. At most 200. */
  looks: readonly { at: string; by: string; from?: string }[];
  /** All of it as plain text, for people; at most 20,000 characters. */
  text: string;
};

/** A definite no: it was not taken, and won't be. */
type Refused = { kind: "refused"; reason: string };
/** It may have worked. Ask. */
type Unknown = { kind: "unknown"; reason: string };
/** This call certainly did nothing, so it can be made again. */
type NotSent = { kind: "not_sent"; reason: string; retryAfterSeconds?: number };

export type DisputeOutcome = { kind: "dispute"; news: DisputeNews } | { kind: "never_heard" } | Unknown;
/** What came of an answer of ours. `taken`: the provider has it; `query` says what that has changed. */
export type AnswerOutcome = { kind: "taken" } | Refused | Unknown | NotSent;

/**
 * Disputes and complaints of one provider. An id is the provider's own. None of the calls throws for anything that a network or a provider
 * does. A caller asks first whether a call is there.
 */
export interface DisputeDesk {
  query(disputeId: string): Promise<DisputeOutcome>;
  /** Names the disputes that were opened since a time, a page at a time: notifications get lost, and deadlines run. */
  list(since: string, cursor?: string): Promise<{ kind: "page"; ids: readonly string[]; next?: string } | Unknown>;
  /** Sends evidence, finally: a provider passes it on once. The same evidence again is safe. */
  sendEvidence?(disputeId: string, evidence: Evidence): Promise<AnswerOutcome>;
  /** Says that we won't contest it. It is lost then. */
  accept?(disputeId: string): Promise<AnswerOutcome>;
  /** Answers a complaint, for the payer to read: 1 to 200 characters. */
  reply?(disputeId: string, text: string): Promise<AnswerOutcome>;
  /** Says that a complaint is done. */
  complete?(disputeId: string): Promise<AnswerOutcome>;
}
