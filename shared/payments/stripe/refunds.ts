import type Stripe from "stripe";
import type { Charge, Refund, RefundOutcome, RefundQueryOutcome } from "../contract.ts";
import { BALANCE_TOO_LOW } from "../waiting-refund.ts";
import { type Asked, ask, unanswered } from "./client.ts";
import { toStripe } from "./currency.ts";
import { findSession } from "./find-session.ts";
import { PAYMENT, REFUND } from "./names.ts";
import { isoOf, refundList, refundSchema, type StripeRefund } from "./wire.ts";

const PAGE = 100;
const MOST_PAGES = 10;

/**
 * Gives money back, once for our name of the refund. Stripe forgets idempotency keys after a day, so it is asked first whether it has
 * made this refund: the list shows it by our name, whoever has asked for it and whenever.
 */
export async function refund(stripe: Stripe, charge: Charge, wanted: Refund): Promise<RefundOutcome> {
  const paid = await paidBy(stripe, charge);
  if (paid.kind !== "paid") return paid.kind === "unpaid" ? { kind: "refused", reason: "not_paid" } : paid;
  const known = await findRefund(stripe, paid.intent, wanted.id);
  if (known.kind !== "answered") return known;
  if (known.value !== undefined) return outcomeOf(known.value);
  // Of what was really paid, in the currency in which it was paid.
  const theirs = toStripe({ amount: wanted.amount, currency: paid.currency });
  if (!theirs.ok) return { kind: "refused", reason: theirs.reason };
  const metadata = { [REFUND]: wanted.id, [PAYMENT]: charge.id };
  const body = { payment_intent: paid.intent, amount: theirs.amount, metadata };
  const made = await ask(refundSchema, stripe.refunds.create(body, { idempotencyKey: wanted.id }));
  return made.kind === "answered" ? outcomeOf(made.value) : made;
}

export async function queryRefund(stripe: Stripe, charge: Charge, { id }: Refund): Promise<RefundQueryOutcome> {
  const paid = await paidBy(stripe, charge);
  if (paid.kind !== "paid") return paid.kind === "unpaid" ? { kind: "never_heard" } : paid;
  const known = await findRefund(stripe, paid.intent, id);
  if (known.kind !== "answered") return unanswered(known);
  return known.value === undefined ? { kind: "never_heard" } : outcomeOf(known.value);
}

type Paid =
  | { kind: "paid"; intent: string; currency: string }
  | { kind: "unpaid" }
  | { kind: "unknown"; reason: string };

async function paidBy(stripe: Stripe, charge: Charge): Promise<Paid> {
  const found = await findSession(stripe, charge);
  if (found.kind === "never_heard") return { kind: "unpaid" };
  if (found.kind !== "answered") return found;
  const { payment_status, payment_intent: intent, currency } = found.value;
  if (payment_status !== "paid" || intent === null || currency === null) return { kind: "unpaid" };
  return { kind: "paid", intent: typeof intent === "string" ? intent : intent.id, currency: currency.toUpperCase() };
}

async function findRefund(stripe: Stripe, intent: string, id: string): Promise<Asked<StripeRefund | undefined>> {
  let after: { starting_after?: string } = {};
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { payment_intent: intent, limit: PAGE, ...after };
    const answer = await ask(refundList, stripe.refunds.list(query));
    if (answer.kind !== "answered") return answer;
    const { data, has_more } = answer.value;
    const found = data.find(({ metadata }) => metadata?.[REFUND] === id);
    const last = data.at(-1);
    if (found !== undefined || !has_more || last === undefined) return { kind: "answered", value: found };
    after = { starting_after: last.id };
  }
  return { kind: "unknown", reason: "too_many_refunds" };
}

function outcomeOf({
  id: providerRefundId,
  status,
  pending_reason,
  created,
}: StripeRefund): Exclude<RefundQueryOutcome, { kind: "never_heard" }> {
  switch (status) {
    case "succeeded":
      return { kind: "refunded", providerRefundId, at: isoOf(created) };
    case "pending":
    case "requires_action":
      return { kind: "pending", ...(pending_reason === "insufficient_funds" ? { reason: BALANCE_TOO_LOW } : {}) };
    case "failed":
      return { kind: "refused", reason: "refund_failed" };
    case "canceled":
      return { kind: "refused", reason: "refund_canceled" };
  }
}
