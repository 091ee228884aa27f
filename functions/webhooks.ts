import * as z from "zod";
import { LIMITS } from "../shared/kernel/limits.ts";
import { pick } from "../shared/kernel/pick.ts";
import type { EndpointNow, WithSecret } from "../shared/webhooks/endpoints.ts";
import { USUAL_EVENTS, WEBHOOK_EVENTS } from "../shared/webhooks/model.ts";
import type { Delivery } from "../shared/webhooks/table.ts";
import { Cursor, Time } from "./fields.ts";

// What channels and operators are shown of webhooks, and how.

const EventTypes = z.array(z.enum(WEBHOOK_EVENTS)).min(1).max(WEBHOOK_EVENTS.length);
const Url = z.string().min(1).max(LIMITS.webhookUrlLength);

export const NewEndpoint = z.strictObject({
  url: Url.meta({ description: "Where events are posted: https, on port 443 or 8443, at a public address." }),
  events: EventTypes.optional().meta({
    description: "The events that it wants; all but `product.changed`, if it doesn't say.",
  }),
});

export const EndpointChange = z
  .strictObject({
    url: Url.optional(),
    events: EventTypes.optional(),
    enabled: z.boolean().optional().meta({ description: "What waits for a disabled one is sent once it is enabled." }),
  })
  .refine((change) => Object.keys(change).length > 0, "must change something");

export const WebhookEndpoint = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(z.string()).meta({ description: "The events that it wants." }),
    enabled: z.boolean(),
    disabledReason: z.enum(["failing", "gone", "asked"]).optional().meta({
      description: "`failing`: it took nothing for three days · `gone`: it answered 410 · `asked`: by a call.",
    }),
    disabledAt: Time.optional(),
    failingSince: Time.optional().meta({ description: "Since when it took nothing." }),
    createdAt: Time,
    secondSecretUntil: Time.optional().meta({
      description: "Until when the secret before the last rotation signs as well. Those before it end earlier.",
    }),
    secret: z.string().optional().meta({ description: "Told this once; a repeat does not tell it." }),
  })
  .meta({ id: "WebhookEndpoint" });

export const WebhookDelivery = z
  .object({
    id: z.string(),
    eventId: z.string().meta({ description: "The header `webhook-id`: the same for each sending." }),
    type: z.string(),
    subject: z.string().meta({ description: "What it is about: events of one subject are sent in order." }),
    number: z.int().optional().meta({ description: "Its place among the events of its subject." }),
    state: z.enum(["waiting", "delivered", "failed"]).meta({
      description:
        "`waiting`: it is sent, or sent again · `delivered`: it was taken · `failed`: given up after three days.",
    }),
    createdAt: Time,
    attempts: z
      .array(
        z.object({
          at: Time,
          status: z.int().optional(),
          failure: z.string().optional().meta({ description: "Why there was no answer." }),
          answer: z.string().optional().meta({ description: "What the answer began with." }),
          tookMs: z.int(),
        }),
      )
      .meta({ description: `The last ${LIMITS.webhookAttemptsShown}.` }),
  })
  .meta({ id: "WebhookDelivery" });

/** Shows an endpoint as its owner sees it; with its secret, if that was made just now. */
export function showEndpoint({ endpoint, sender, secret }: WithSecret | (EndpointNow & { secret?: undefined })) {
  const { endpointId: id, events = USUAL_EVENTS, previous } = endpoint;
  const { failingSince } = sender;
  return {
    id,
    events,
    ...pick(endpoint, ["url", "enabled", "disabledReason", "disabledAt", "createdAt"]),
    ...(failingSince === undefined ? {} : { failingSince }),
    ...(previous?.[0] === undefined ? {} : { secondSecretUntil: previous[0].until }),
    ...(secret === undefined ? {} : { secret: secret.reveal() }),
  };
}

export function showDelivery({ deliveryId: id, event, ...delivery }: Delivery) {
  const { id: eventId, type, number } = event;
  return {
    id,
    eventId,
    type,
    ...(number === undefined ? {} : { number }),
    ...pick(delivery, ["subject", "state", "createdAt", "attempts"]),
  };
}

export const Replay = z.strictObject({
  from: Time.meta({ description: "The time of the first delivery." }),
  to: Time.meta({ description: "Deliveries of this time and later are left out." }),
});
export const ReplayFrom = z.strictObject({ cursor: Cursor });
export const ReplayStep = z.object({ sent: z.int(), nextCursor: z.string().nullable() });

/** Where a page of deliveries ends: its time and id. */
export const DELIVERIES_BY_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z#dlv_[0-9a-z]{26}$/;
