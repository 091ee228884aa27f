/** What the Stripe simulator knows: sessions, payments, refunds and disputes, each with Stripe's own rules for it. No money moves. */
import { randomBytes } from "node:crypto";
import { objectOf } from "./spec.ts";

type Metadata = Record<string, string>;
export type RefundState = "pending" | "requires_action" | "succeeded" | "failed" | "canceled";

/** `pending_reason`: why it is not made yet. */
export type Refund = {
  id: string;
  amount: number;
  status: RefundState;
  pending_reason?: "insufficient_funds";
  created: number;
  metadata: Metadata;
};
export type Dispute = {
  id: string;
  amount: number;
  reason: string;
  status: string;
  created: number;
  evidence: Metadata;
  submissions: number;
  /** What it has moved in our balance: what is disputed and a fee, and what came back. */
  entries: object[];
  /** What it has moved of the payment's money: below zero where it has taken some. */
  moved: number;
};
/** `delayed`: its money is on its way, as with bank debits. */
export type Session = {
  id: string;
  intent?: string;
  charge?: string;
  paidAt?: number;
  reference: string;
  /** What the buyer reads about it. */
  item: string;
  amount: number;
  currency: string;
  metadata: Metadata;
  intentMetadata: Metadata;
  returnUrls: { success_url: string; cancel_url: string | null };
  created: number;
  expiresAt: number;
  status: "open" | "complete" | "expired";
  payment: "paid" | "unpaid" | "delayed" | "failed" | "no_payment_required";
  refunds: Refund[];
  disputes: Dispute[];
};

const newId = (prefix: string): string => `${prefix}_${randomBytes(12).toString("hex")}`;
export const newSession = (
  asked: Pick<
    Session,
    "reference" | "item" | "amount" | "currency" | "metadata" | "intentMetadata" | "returnUrls" | "expiresAt"
  >,
  created: number,
): Session => ({
  ...asked,
  id: newId("cs_test"),
  created,
  status: "open",
  payment: "unpaid",
  refunds: [],
  disputes: [],
});

/** Completes a session: a payment intent and its charge come into being. */
export function complete(session: Session, payment: Session["payment"], at: number): void {
  session.status = "complete";
  session.payment = payment;
  if (payment === "no_payment_required") return;
  session.intent = newId("pi");
  session.charge = newId("ch");
  session.paidAt = at;
}

export const newRefund = (amount: number, status: RefundState, metadata: Metadata, created: number): Refund => ({
  id: newId("re"),
  amount,
  status,
  created,
  metadata,
});
export const newDispute = (amount: number, reason: string, created: number): Dispute => ({
  id: newId("du"),
  amount,
  reason,
  status: "needs_response",
  created,
  evidence: {},
  submissions: 0,
  entries: [],
  moved: 0,
});
export const DISPUTE_FEE = 1500;
/** What is disputed goes when the dispute is opened, and comes back when it is won. */
export function moveDisputed(dispute: Dispute, { currency }: Session, amount: number, at: number): void {
  const { entries, id } = dispute;
  dispute.moved += amount;
  const fee = amount < 0 ? DISPUTE_FEE : 0;
  entries.push(transaction(amount < 0 ? "dispute" : "dispute_reversal", id, { amount, fee, currency, created: at }));
}

const isGone = ({ status }: Refund): boolean => status === "failed" || status === "canceled";
/** What refunds have taken, or will take, of a session's money. */
export const takenBack = ({ refunds }: Session): number =>
  refunds.reduce((sum, one) => sum + (isGone(one) ? 0 : one.amount), 0);
export const givenBack = ({ refunds }: Session): number =>
  refunds.reduce((sum, { status, amount }) => sum + (status === "succeeded" ? amount : 0), 0);

/** What disputes have taken of a session's money, below zero, and brought back. */
export const movedByDisputes = ({ disputes }: Session): number => disputes.reduce((sum, { moved }) => sum + moved, 0);

const INTENT_STATES = { paid: "succeeded", delayed: "processing", failed: "requires_payment_method" } as const;
const intentState = ({ payment }: Session) =>
  payment === "paid" || payment === "delayed" || payment === "failed" ? INTENT_STATES[payment] : "canceled";

export function shownCharge(session: Session): object {
  const { charge, intent, amount, currency, paidAt, intentMetadata } = session;
  const isPaid = session.payment === "paid";
  return objectOf("charge", {
    id: charge,
    object: "charge",
    amount,
    amount_captured: isPaid ? amount : 0,
    amount_refunded: takenBack(session),
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    captured: isPaid,
    created: paidAt,
    currency,
    disputed: session.disputes.length > 0,
    livemode: false,
    metadata: intentMetadata,
    paid: isPaid,
    payment_intent: intent,
    refunded: isPaid && takenBack(session) === amount,
    status: { paid: "succeeded", failed: "failed" }[session.payment as string] ?? "pending",
  });
}

export function shownIntent(session: Session, expanded: readonly string[] = []): object {
  const { intent, charge, amount, currency, paidAt, intentMetadata } = session;
  return objectOf("payment_intent", {
    id: intent,
    object: "payment_intent",
    amount,
    amount_received: session.payment === "paid" ? amount : 0,
    created: paidAt,
    currency,
    latest_charge: expanded.includes("latest_charge") ? shownCharge(session) : charge,
    livemode: false,
    metadata: intentMetadata,
    status: intentState(session),
  });
}

export function shownSession(session: Session, url: string, expanded: readonly string[] = []): object {
  const { id, intent, amount, currency, reference, metadata, returnUrls, created, expiresAt, status, payment } =
    session;
  const inside = expanded.flatMap((path) => (path.startsWith("payment_intent.") ? [path.slice(15)] : []));
  const isOpened = expanded.some((path) => path.startsWith("payment_intent"));
  return objectOf("checkout.session", {
    id,
    object: "checkout.session",
    ...returnUrls,
    adaptive_pricing: { enabled: false },
    amount_subtotal: amount,
    amount_total: amount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    client_reference_id: reference,
    created,
    currency,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    expires_at: expiresAt,
    livemode: false,
    metadata,
    mode: "payment",
    payment_intent: intent === undefined ? null : isOpened ? shownIntent(session, inside) : intent,
    payment_method_types: ["card"],
    payment_status: payment === "paid" || payment === "no_payment_required" ? payment : "unpaid",
    shipping_options: [],
    status,
    url: status === "open" ? url : null,
  });
}

export const shownRefund = ({ intent, charge, currency }: Session, refund: Refund): object =>
  objectOf("refund", { ...refund, object: "refund", charge, currency, payment_intent: intent });

export const shownDispute = (session: Session, dispute: Dispute, expanded: readonly string[] = []): object => {
  const { intent, charge, currency } = session;
  const { id, amount, reason, status, created, evidence, submissions, entries } = dispute;
  return objectOf("dispute", {
    id,
    object: "dispute",
    amount,
    balance_transactions: entries,
    charge,
    created,
    currency,
    enhanced_eligibility_types: [],
    evidence,
    evidence_details: {
      due_by: created + 7 * 86_400,
      enhanced_eligibility: {},
      has_evidence: Object.keys(evidence).length > 0,
      past_due: false,
      submission_count: submissions,
    },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: expanded.includes("payment_intent") ? shownIntent(session) : intent,
    reason,
    status,
  });
};

type Moved = { amount: number; fee: number; currency: string; created: number };
const transaction = (category: string, source: string | undefined, { amount, fee, currency, created }: Moved): object =>
  objectOf("balance_transaction", {
    id: `txn_${source}_${category}`,
    object: "balance_transaction",
    amount,
    available_on: created,
    balance_type: "payments",
    created,
    currency,
    fee,
    fee_details: [],
    net: amount - fee,
    reporting_category: category,
    source,
    status: "available",
    type: category.startsWith("dispute") ? "adjustment" : category,
  });

/**
 * What the account's balance says of a session: its charge, less a fee, each refund, what came back of it, and each dispute. `isOpened`: with
 * what each is about.
 */
export function balanceTransactions(session: Session, isOpened: boolean): object[] {
  const { charge, payment, paidAt = 0, amount, currency, refunds, disputes } = session;
  if (payment !== "paid") return [];
  const about = (line: object, source: object): object => (isOpened ? { ...line, source } : line);
  return [
    about(
      transaction("charge", charge, { amount, fee: Math.ceil(amount * 0.03), currency, created: paidAt }),
      shownCharge(session),
    ),
    ...refunds.flatMap((one) => {
      const { id, amount: back, created } = one;
      const moved = { fee: 0, currency, created };
      const lines = [
        transaction("refund", id, { amount: 0 - back, ...moved }),
        ...(isGone(one) ? [transaction("refund_failure", id, { amount: back, ...moved })] : []),
      ];
      return lines.map((line) => about(line, shownRefund(session, one)));
    }),
    ...disputes.flatMap((one) => one.entries.map((line) => about(line, shownDispute(session, one)))),
  ];
}

/** A session that somebody else has begun. */
export const strangerSession = (reference: string, at: number): Session =>
  newSession(
    {
      reference,
      item: "Something else",
      amount: 100,
      currency: "cny",
      metadata: {},
      intentMetadata: {},
      returnUrls: { success_url: "https://shop.example/", cancel_url: null },
      expiresAt: at + 3600,
    },
    at,
  );
