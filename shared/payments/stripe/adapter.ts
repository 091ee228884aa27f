/** Stripe's Checkout Sessions as a way to pay. [The README](README.md) says what of Stripe is used, and how. */
import type Stripe from "stripe";
import type {
  Charge,
  CloseOutcome,
  PaymentMethod,
  ProviderProtocol,
  ProviderSettings,
  QueryOutcome,
  Secrets,
  Verified,
} from "../contract.ts";
import { ask, stripeClient, unanswered } from "./client.ts";
import { type Credentials, isLive } from "./credentials.ts";
import { fromStripe } from "./currency.ts";
import { disputesOf } from "./disputes.ts";
import { type Found, findSession } from "./find-session.ts";
import { noticeIn } from "./notice.ts";
import { queryRefund, refund } from "./refunds.ts";
import { checkStripeSignature } from "./signature.ts";
import { stripeStart } from "./start.ts";
import { stripeStatements } from "./statement.ts";
import { isoOf, type Session, sessionSchema } from "./wire.ts";

/** Stripe answers within 80 seconds, or has stopped working on the request. */
const inFlightSeconds = 90;

export const stripe: ProviderProtocol<Credentials> = { ...stripeStart, adapter: stripeAdapter };

export function stripeAdapter(settings: ProviderSettings, credentials: Secrets<Credentials>): PaymentMethod {
  const sdk = stripeClient(settings, credentials);
  const { apiKey, webhookSecret, previousWebhookSecret } = credentials;
  const secrets = previousWebhookSecret === undefined ? [webhookSecret] : [webhookSecret, previousWebhookSecret];
  const live = isLive(apiKey.reveal());

  return {
    inFlightSeconds,
    ...stripeStart.starter(settings, credentials),
    query: async (charge) => outcomeOf(await findSession(sdk, charge)),
    close: (charge) => close(sdk, charge),
    refund: (charge, wanted) => refund(sdk, charge, wanted),
    queryRefund: (charge, wanted) => queryRefund(sdk, charge, wanted),

    verify(rawBody, headers, now): Verified {
      const checked = checkStripeSignature(secrets, rawBody, headers["stripe-signature"], now);
      if (checked !== "ok") return { ok: false, reason: checked };
      const notice = noticeIn(rawBody, live);
      return notice === undefined ? { ok: false, reason: "malformed" } : { ok: true, notice };
    },

    disputes: disputesOf(sdk),
    statements: stripeStatements(sdk),
    ack: (taken) => ({ status: taken ? 200 : 500, body: "{}", contentType: "application/json" }),
  };
}

type Outcome = Exclude<QueryOutcome, { kind: "stands" } | { kind: "refused" }>;

function outcomeOf(found: Found): Outcome {
  if (found.kind !== "answered") return found;
  const { status, payment_status: paid, payment_intent: intent } = found.value;
  if (paid === "paid") return paidIn(found.value);
  switch (status) {
    case "open":
      return { kind: "pending" };
    case "expired":
      return { kind: "closed" };
    case "complete":
      // Some ways to pay take days. One that has failed, or that needed no money at all, can't be paid any more.
      return paid === "unpaid" && !isOver(intent) ? { kind: "pending" } : { kind: "closed" };
  }
}

const isOver = (intent: Session["payment_intent"]): boolean =>
  intent !== null && typeof intent === "object" && /^(?:requires_payment_method|canceled)$/.test(intent.status);

function paidIn({ id, amount_total: total, currency, payment_intent: intent, created }: Session): Outcome {
  const money = total === null || currency === null ? undefined : fromStripe(total, currency);
  if (money === undefined) return { kind: "unknown", reason: "unreadable_amount" };
  const charge = intent !== null && typeof intent === "object" ? intent.latest_charge : undefined;
  const at = isoOf(charge != null && typeof charge === "object" ? charge.created : created);
  return { kind: "paid", received: { providerPaymentId: id, ...money, at } };
}

/** Ends a session. What can't be ended has ended, or somebody has paid. */
async function close(stripe: Stripe, charge: Charge): Promise<CloseOutcome> {
  const found = await findSession(stripe, charge);
  if (found.kind !== "answered" || found.value.status !== "open") return closedBy(outcomeOf(found));
  const ended = await ask(sessionSchema, stripe.checkout.sessions.expire(found.value.id));
  if (ended.kind === "answered") return closedBy(outcomeOf(ended));
  // A buyer was faster.
  return ended.kind === "refused" ? closedBy(outcomeOf(await findSession(stripe, charge))) : unanswered(ended);
}

function closedBy(outcome: Outcome): CloseOutcome {
  switch (outcome.kind) {
    case "closed":
    case "paid":
      return { kind: outcome.kind };
    case "pending":
      // Its money is on its way, and may come for days.
      return { kind: "unknown", reason: "being_paid" };
    default:
      return outcome;
  }
}
