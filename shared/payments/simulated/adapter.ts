/**
 * A payment provider that moves no money, for the local stack and for tests. It speaks a small protocol of its own, described in
 * [the README](../README.md#the-simulated-provider), as real ones do: requests that are safe to repeat by our names for things, states
 * that are asked for, and notifications signed by Standard Webhooks.
 */
import { checkSignature, webhookKey } from "../../secrecy/standard-webhooks.ts";
import { parseJson } from "../../suppliers/json.ts";
import type {
  Charge,
  CloseOutcome,
  PaymentMethod,
  ProviderProtocol,
  ProviderSettings,
  QueryOutcome,
  RefundOutcome,
  Verified,
} from "../contract.ts";
import { type Answered, clientOf, isUnknownThere, refusalIn, unanswered, unread } from "./client.ts";
import { simulatedDesk } from "./disputes.ts";
import { type SimulatedCredentials, type SimulatedSecrets, simulatedStart } from "./start.ts";
import { simulatedStatements } from "./statement.ts";
import { eventSchema, paymentSchema, refundSchema } from "./wire.ts";

export const simulated: ProviderProtocol<SimulatedCredentials> = { ...simulatedStart, adapter: simulatedAdapter };

/** Their server answers within a minute, or never worked on the request. */
const inFlightSeconds = 60;

export function simulatedAdapter(settings: ProviderSettings, credentials: SimulatedSecrets): PaymentMethod {
  const key = webhookKey(credentials.webhookSecret);
  const { get, post } = clientOf(settings, credentials);
  const pathOf = ({ id }: Charge): string => `/v1/payments/${encodeURIComponent(id)}`;

  return {
    inFlightSeconds,
    ...simulatedStart.starter(settings, credentials),

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
      const { id: eventId } = signature;
      if (type === "dispute.updated" && data.dispute !== undefined)
        return { ok: true, notice: { eventId, disputeId: data.dispute } };
      const isOurs = type === "payment.updated" || type === "refund.updated";
      const { reference: paymentId, refund: refundId } = data;
      if (!isOurs || paymentId === undefined) return { ok: true, notice: { eventId } };
      return { ok: true, notice: { eventId, paymentId, ...(refundId === undefined ? {} : { refundId }) } };
    },

    disputes: simulatedDesk(get, post),
    statements: simulatedStatements(settings, credentials),

    ack: (taken) => ({ status: taken ? 200 : 500, body: "{}", contentType: "application/json" }),
  };
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
