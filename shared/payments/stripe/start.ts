/** Begins a payment at Stripe: one call, which makes a Checkout Session. All else is in the adapter. */

import * as z from "zod";
import { baseOf, call, printable } from "../../suppliers/call.ts";
import type { Charge, StartingProtocol, StartOutcome } from "../contract.ts";
import { Credentials, isLive } from "./credentials.ts";
import { chargeInStripe } from "./currency.ts";
import { failureOf } from "./failures.ts";
import { API_VERSION, PAYMENT } from "./names.ts";

/** Stripe's own limits: a session can be paid for half an hour at least, and for a day at most. */
export const SHORTEST_SECONDS = 30 * 60;
const LONGEST_SECONDS = 24 * 60 * 60;
/** How long after it was written down a payment can be begun at least: a start may have to be made again. */
const BEGUN_WITHIN_SECONDS = 10 * 60;

/**
 * Gives the time, in seconds, at which a session ends by itself: with our hold, or when Stripe allows it. We close it at the end of our
 * hold ourselves. It is made of the charge alone, because a start that is made again must say the same.
 */
export function sessionEnd({ createdAt, expiresAt = createdAt }: Charge): number {
  const created = Math.floor(Date.parse(createdAt) / 1000);
  const soonest = created + SHORTEST_SECONDS + BEGUN_WITHIN_SECONDS;
  const latest = created + LONGEST_SECONDS - BEGUN_WITHIN_SECONDS;
  return Math.min(Math.max(Math.floor(Date.parse(expiresAt) / 1000), soonest), latest);
}

const startedSchema = z.object({ id: z.string().min(1).max(255), url: z.url() });

export const stripeStart: StartingProtocol<Credentials> = {
  credentials: Credentials,
  isSimulated: false,
  isTest: ({ apiKey }) => !isLive(apiKey),
  flows: { checkout: ["returnUrl"] },
  starter: (settings, { apiKey }) => {
    const url = `${baseOf(settings.baseUrl)}/v1/checkout/sessions`;
    const authorization = `Bearer ${printable(apiKey.reveal())}`;
    return {
      async start(charge) {
        const asked = formOf(charge);
        if (asked.kind === "refused") return asked;
        const headers = {
          accept: "application/json",
          authorization,
          "content-type": "application/x-www-form-urlencoded",
          "idempotency-key": charge.id,
          "stripe-version": API_VERSION,
        };
        const answer = await call({ method: "POST", url, headers, body: asked.form }, settings.timeoutMs);
        return answer.kind === "answered" ? started(answer) : answer;
      },
    };
  },
};

function started(answer: Extract<Awaited<ReturnType<typeof call>>, { kind: "answered" }>): StartOutcome {
  const session = startedSchema.safeParse(answer.value);
  if (answer.status !== 200 || !session.success) return failureOf(answer);
  return { kind: "pending", providerPaymentId: session.data.id, checkout: { url: session.data.url } };
}

/** Says what is asked for. Refused: Stripe would not take it. */
function formOf(charge: Charge): { kind: "form"; form: string } | { kind: "refused"; reason: string } {
  const { id, amount, returnUrl, description = id } = charge;
  const theirs = chargeInStripe(amount);
  if (!theirs.ok) return { kind: "refused", reason: theirs.reason };
  if (returnUrl === undefined) return { kind: "refused", reason: "return_url_missing" };
  const form = new URLSearchParams({
    mode: "payment",
    client_reference_id: id,
    [`metadata[${PAYMENT}]`]: id,
    [`payment_intent_data[metadata][${PAYMENT}]`]: id,
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": amount.currency.toLowerCase(),
    "line_items[0][price_data][unit_amount]": String(theirs.amount),
    "line_items[0][price_data][product_data][name]": description,
    success_url: returnUrl,
    cancel_url: returnUrl,
    expires_at: String(sessionEnd(charge)),
    // The buyer pays what was asked for, in the currency in which it was asked for.
    "adaptive_pricing[enabled]": "false",
  });
  return { kind: "form", form: form.toString() };
}
