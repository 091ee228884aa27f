/**
 * A payment provider that moves no money, for the local stack and for tests. It speaks a small protocol of its own, described in
 * [the README](../README.md#the-simulated-provider), as real ones do: requests that are safe to repeat by our names for things, states
 * that are asked for, and notifications signed by Standard Webhooks.
 */
import * as z from "zod";
import { checkSignature, webhookKey } from "../../secrecy/standard-webhooks.ts";
import { baseOf, call, printable } from "../../suppliers/call.ts";
import { parseJson } from "../../suppliers/json.ts";
import type {
  Charge,
  CloseOutcome,
  PaymentMethod,
  ProviderProtocol,
  ProviderSettings,
  QueryOutcome,
  RefundOutcome,
  Secrets,
  StartOutcome,
  Verified,
} from "../contract.ts";
import { eventSchema, paymentSchema, problemSchema, refundSchema } from "./wire.ts";

const Credentials = z.strictObject({ apiKey: z.string().min(1).max(500), webhookSecret: z.string().min(1).max(500) });
type Credentials = z.infer<typeof Credentials>;

export const simulated: ProviderProtocol<Credentials> = {
  credentials: Credentials,
  isSimulated: true,
  flows: ["page", "qr"],
  adapter: simulatedAdapter,
};

/** Their server answers within a minute, or never worked on the request. */
const inFlightSeconds = 60;

type Answer = Awaited<ReturnType<typeof call>>;
type Failed = Exclude<Answer, { kind: "answered" }>;

export function simulatedAdapter(settings: ProviderSettings, credentials: Secrets<Credentials>): PaymentMethod {
  const base = baseOf(settings.baseUrl);
  const key = webhookKey(credentials.webhookSecret);
  const authorization = `Bearer ${printable(credentials.apiKey.reveal())}`;
  const headers = { accept: "application/json", authorization };
  const get = (path: string) => call({ method: "GET", url: `${base}${path}`, headers }, settings.timeoutMs);
  const post = (path: string, body: object) =>
    call(
      {
        method: "POST",
        url: `${base}${path}`,
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      },
      settings.timeoutMs,
    );
  const pathOf = ({ id }: Charge): string => `/v1/payments/${encodeURIComponent(id)}`;

  return {
    inFlightSeconds,

    async start(charge) {
      const { id: reference, amount, expiresAt, flow = "page" } = charge;
      const { notificationUrl } = settings;
      const said = { reference, ...amount, flow, ...(expiresAt === undefined ? {} : { expiresAt }) };
      const answer = await post("/v1/payments", notificationUrl === undefined ? said : { ...said, notificationUrl });
      return answer.kind === "answered" ? started(answer, flow) : answer;
    },

    async query(charge) {
      const answer = await get(pathOf(charge));
      return answer.kind === "answered" ? asked(answer) : unanswered(answer);
    },

    async close(charge) {
      const answer = await post(`${pathOf(charge)}/close`, {});
      return answer.kind === "answered" ? closed(answer) : unanswered(answer);
    },

    async refund(charge, { id: reference, amount }) {
      const answer = await post(`${pathOf(charge)}/refunds`, { reference, amount });
      if (answer.kind !== "answered") return answer;
      const outcome = refunded(answer);
      // A payment that they don't know they can't give back, and never took.
      return outcome === undefined ? { kind: "refused", reason: "unknown_payment" } : outcome;
    },

    async queryRefund(charge, { id }) {
      const answer = await get(`${pathOf(charge)}/refunds/${encodeURIComponent(id)}`);
      if (answer.kind !== "answered") return unanswered(answer);
      const outcome = refunded(answer) ?? { kind: "never_heard" };
      // A question that didn't get through leaves the refund as unknown as it was.
      return outcome.kind === "not_sent" ? { kind: "unknown", reason: outcome.reason } : outcome;
    },

    verify(rawBody, given, now): Verified {
      const signature = checkSignature(key, rawBody, given, now);
      if (!signature.ok) return signature;
      const event = eventSchema.safeParse(parseJson(rawBody));
      if (!event.success) return { ok: false, reason: "malformed" };
      const { type, data } = event.data;
      const isOurs = type === "payment.updated" || type === "refund.updated";
      return { ok: true, notice: { eventId: signature.id, ...(isOurs ? { paymentId: data.reference } : {}) } };
    },

    ack: (taken) => ({ status: taken ? 200 : 500, body: "{}", contentType: "application/json" }),
  };
}

type Answered = Extract<Answer, { kind: "answered" }>;
const unanswered = ({ reason }: Failed): { kind: "unknown"; reason: string } => ({ kind: "unknown", reason });
const unread = ({ status, unreadable = "unreadable_answer" }: Answered): { kind: "unknown"; reason: string } => ({
  kind: "unknown",
  reason: status >= 500 ? `http_${status}` : unreadable,
});

/** What every refused request says: a definite no in the provider's form, our own mistake, or that we ask too often. */
function refusalIn(answer: Answered) {
  const { status, value, retryAfterSeconds } = answer;
  if (status === 429)
    return {
      kind: "not_sent",
      reason: "throttled",
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    } as const;
  if (status === 401 || status === 403) return { kind: "not_sent", reason: "unauthorised" } as const;
  const problem = problemSchema.safeParse(value);
  // A proxy or a parked domain has answers of its own, which say nothing about a payment.
  if (status < 400 || status >= 500 || !problem.success) return unread(answer);
  return { kind: "refused", reason: problem.data.code } as const;
}

function started(answer: Answered, flow: string): StartOutcome {
  const payment = paymentSchema.safeParse(answer.value);
  if ((answer.status !== 200 && answer.status !== 201) || !payment.success) return refusalIn(answer);
  const { id: providerPaymentId, url } = payment.data;
  return { kind: "pending", providerPaymentId, checkout: flow === "qr" ? { qr: url } : { url } };
}

function asked(answer: Answered): QueryOutcome {
  if (isUnknownThere(answer)) return { kind: "never_heard" };
  const payment = paymentSchema.safeParse(answer.value);
  if (answer.status !== 200 || !payment.success) return unread(answer);
  const { id: providerPaymentId, state, paid } = payment.data;
  switch (state) {
    case "pending":
    case "closed":
      return { kind: state };
    case "paid":
      return paid === undefined ? unread(answer) : { kind: "paid", received: { providerPaymentId, ...paid } };
  }
}

function closed(answer: Answered): CloseOutcome {
  const outcome = asked(answer);
  switch (outcome.kind) {
    case "closed":
    case "paid":
      return { kind: outcome.kind };
    case "never_heard":
    case "unknown":
      return outcome;
    default:
      return { kind: "unknown", reason: "unreadable_answer" };
  }
}

/** Undefined: they know no such payment or refund. */
function refunded(answer: Answered): RefundOutcome | undefined {
  if (isUnknownThere(answer)) return undefined;
  const refund = refundSchema.safeParse(answer.value);
  if ((answer.status !== 200 && answer.status !== 201) || !refund.success) return refusalIn(answer);
  const { id: providerRefundId, state, at } = refund.data;
  switch (state) {
    case "pending":
      return { kind: "pending" };
    case "refunded":
      return { kind: "refunded", providerRefundId, at };
    case "failed":
      return { kind: "refused", reason: "refund_failed" };
  }
}

/** A 404 counts only in the provider's own form. */
function isUnknownThere({ status, value }: Answered): boolean {
  const problem = problemSchema.safeParse(value);
  return status === 404 && problem.success && problem.data.code === "not_found";
}
