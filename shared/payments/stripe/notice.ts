import * as z from "zod";
import { parseJson } from "../../suppliers/json.ts";
import type { Notice } from "../contract.ts";
import { PAYMENT, REFUND } from "./names.ts";

const named = (value: unknown, kind: "pay" | "rfd") =>
  typeof value === "string" && new RegExp(`^${kind}_[0-9a-z]{26}$`).test(value) ? value : undefined;

const eventSchema = z.object({
  id: z.string().regex(/^\w{1,64}$/),
  type: z.string(),
  livemode: z.boolean(),
  account: z.string().nullish(),
  data: z.object({
    object: z.object({
      id: z.string().max(255).optional(),
      client_reference_id: z.unknown().optional(),
      metadata: z.record(z.string(), z.unknown()).nullish(),
    }),
  }),
});

/** What has news of a payment or its refunds. A charge has its payment's name because its intent has. */
const OF_PAYMENTS =
  /^(?:checkout\.session\.(?:completed|async_payment_succeeded|async_payment_failed|expired)|refund\.(?:created|updated|failed)|charge\.refunded)$/;
const OF_DISPUTES = /^charge\.dispute\.\w{1,40}$/;

/**
 * Says what an event is about. Events of test mode reach an endpoint of live mode too, and a platform is told of its connected accounts:
 * those are about nothing of ours. Undefined: it is no event.
 */
export function noticeIn(rawBody: string, isLive: boolean): Notice | undefined {
  const event = eventSchema.safeParse(parseJson(rawBody));
  if (!event.success) return undefined;
  const { id: eventId, type, livemode, account, data } = event.data;
  if (livemode !== isLive || account != null) return { eventId };
  const { id, client_reference_id, metadata } = data.object;
  if (OF_DISPUTES.test(type) && id !== undefined) return { eventId, disputeId: id };
  const paymentId = named(metadata?.[PAYMENT], "pay") ?? named(client_reference_id, "pay");
  if (!OF_PAYMENTS.test(type) || paymentId === undefined) return { eventId };
  const refundId = named(metadata?.[REFUND], "rfd");
  return { eventId, paymentId, ...(refundId === undefined ? {} : { refundId }) };
}
