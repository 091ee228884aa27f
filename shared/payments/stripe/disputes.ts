import type Stripe from "stripe";
import type {
  AnswerOutcome,
  DisputeDesk,
  DisputeNews,
  DisputeOutcome,
  DisputeReason,
  DisputeState,
  Evidence,
  Moved,
} from "../dispute-contract.ts";
import { ask, unanswered } from "./client.ts";
import { fromStripe } from "./currency.ts";
import { MISSING } from "./failures.ts";
import { PAYMENT } from "./names.ts";
import { disputeList, disputeSchema, isoOf, type StripeDispute } from "./wire.ts";

const PAGE = 100;
/** Of one text. All of them together may have 150,000. */
const LONGEST_EVIDENCE = 20_000;

const STATES: Record<StripeDispute["status"], DisputeState> = {
  warning_needs_response: "inquiry",
  warning_under_review: "inquiry_answered",
  warning_closed: "inquiry_closed",
  // The network has made it good with a refund before it became a dispute.
  prevented: "inquiry_closed",
  needs_response: "opened",
  under_review: "answered",
  won: "won",
  lost: "lost",
};
const REASONS: Readonly<Record<string, DisputeReason>> = {
  fraudulent: "fraudulent",
  unrecognized: "fraudulent",
  product_not_received: "not_received",
  product_unacceptable: "not_as_described",
  duplicate: "duplicate",
  credit_not_processed: "refund_expected",
  subscription_canceled: "cancelled",
};

/** Disputes of Stripe's payments. They are decided by the payer's bank; evidence goes there once. */
export const disputesOf = (stripe: Stripe): DisputeDesk => ({
  async query(disputeId) {
    const found = await read(stripe, disputeId);
    return found.kind === "answered" ? newsOf(found.value) : found;
  },

  async list(since, cursor) {
    const created = { gte: Math.floor(Date.parse(since) / 1000) };
    const from = cursor === undefined ? {} : { starting_after: cursor };
    const page = await ask(disputeList, stripe.disputes.list({ created, limit: PAGE, ...from }));
    if (page.kind !== "answered") return unanswered(page);
    const ids = page.value.data.map(({ id }) => id);
    const last = ids.at(-1);
    return { kind: "page", ids, ...(page.value.has_more && last !== undefined ? { next: last } : {}) };
  },

  async sendEvidence(disputeId, evidence) {
    // Evidence of ours may say more the second time, when somebody has looked again: then the first one stands.
    const before = await read(stripe, disputeId);
    if (before.kind === "never_heard") return { kind: "refused", reason: "unknown_dispute" };
    if (before.kind !== "answered") return before;
    if (isAnswered(before.value)) return { kind: "taken" };
    const sent = await ask(
      disputeSchema,
      stripe.disputes.update(disputeId, { evidence: evidenceOf(evidence), submit: true }),
    );
    return sent.kind === "refused" ? refusedUnless(stripe, disputeId, isAnswered, sent.reason) : taken(sent);
  },

  async accept(disputeId) {
    const closed = await ask(disputeSchema, stripe.disputes.close(disputeId));
    const isLost = ({ status }: StripeDispute): boolean => status === "lost";
    return closed.kind === "refused" ? refusedUnless(stripe, disputeId, isLost, closed.reason) : taken(closed);
  },
});

const isAnswered = ({ evidence_details: { submission_count } }: StripeDispute): boolean => submission_count > 0;
const taken = (sent: { kind: "answered" } | Exclude<AnswerOutcome, { kind: "taken" }>): AnswerOutcome =>
  sent.kind === "answered" ? { kind: "taken" } : sent;

/** A refusal may only say that the same was done before, and its answer lost. */
async function refusedUnless(
  stripe: Stripe,
  id: string,
  isDone: (dispute: StripeDispute) => boolean,
  reason: string,
): Promise<AnswerOutcome> {
  const found = await read(stripe, id);
  if (found.kind === "unknown") return found;
  return found.kind === "answered" && isDone(found.value) ? { kind: "taken" } : { kind: "refused", reason };
}

async function read(stripe: Stripe, id: string) {
  const found = await ask(disputeSchema, stripe.disputes.retrieve(id, { expand: ["payment_intent"] }));
  if (found.kind === "answered") return found;
  return found.reason === MISSING ? ({ kind: "never_heard" } as const) : unanswered(found);
}

function newsOf(dispute: StripeDispute): DisputeOutcome {
  const { amount, currency, reason, created, payment_intent: intent, evidence_details: details } = dispute;
  const money = fromStripe(amount, currency);
  if (money === undefined) return { kind: "unknown", reason: "unreadable_amount" };
  const paymentId = intent != null && typeof intent === "object" ? intent.metadata[PAYMENT] : undefined;
  const state = STATES[dispute.status];
  const isAsked = state === "inquiry" || state === "opened";
  const news: DisputeNews = {
    state,
    ...(paymentId === undefined ? {} : { paymentId }),
    amount: money,
    reason: REASONS[reason] ?? "other",
    openedAt: isoOf(created),
    ...(isAsked && details.due_by ? { answerBy: isoOf(details.due_by) } : {}),
    isAnswered: isAnswered(dispute),
    funds: fundsOf(dispute, money.amount),
    fees: feesOf(dispute),
  };
  return { kind: "dispute", news };
}

/**
 * What was moved, by the entries of our balance there. A balance in another currency was converted on the day: then each entry moves what
 * is disputed.
 */
function fundsOf({ balance_transactions: entries, currency }: StripeDispute, disputed: number): Moved {
  const moved = { taken: 0, givenBack: 0 };
  for (const entry of entries) {
    const exact = entry.currency === currency ? fromStripe(Math.abs(entry.amount), entry.currency)?.amount : undefined;
    if (entry.amount !== 0) moved[entry.amount < 0 ? "taken" : "givenBack"] += exact ?? disputed;
  }
  return moved;
}

function feesOf({ balance_transactions: entries, currency }: StripeDispute): DisputeNews["fees"] {
  const fees = { taken: 0, givenBack: 0 };
  for (const { fee, currency: of } of entries)
    fees[fee > 0 ? "taken" : "givenBack"] += fromStripe(Math.abs(fee), of)?.amount ?? 0;
  return { ...fees, currency: (entries[0]?.currency ?? currency).toUpperCase() };
}

/** Puts what we know of a sale where the network looks for it (https://docs.stripe.com/disputes/api). */
function evidenceOf({ product, deliveredAt, payerIp, looks, text }: Evidence): Stripe.DisputeUpdateParams.Evidence {
  const log = looks.map(({ at, by, from }) => `${at} ${by}${from === undefined ? "" : ` ${from}`}`).join("\n");
  return {
    product_description: product,
    ...(deliveredAt === undefined ? {} : { service_date: deliveredAt }),
    ...(payerIp === undefined ? {} : { customer_purchase_ip: payerIp }),
    ...(log === "" ? {} : { access_activity_log: log.slice(0, LONGEST_EVIDENCE) }),
    uncategorized_text: text.slice(0, LONGEST_EVIDENCE),
  };
}
