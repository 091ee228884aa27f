import * as z from "zod";
import { listOf, Page } from "./fields.ts";
import { changeEndpoints, enqueueDeliveries, makeEndpoints } from "./needs.ts";
import {
  DELIVERIES_BY_TIME,
  EndpointChange,
  Replay,
  ReplayFrom,
  ReplayStep,
  WebhookDelivery,
  WebhookEndpoint,
} from "./webhooks.ts";

// What the descriptions of a call have in common, whether a channel makes it for itself or an operator for a channel.

export const changing = {
  method: "PATCH",
  summary: "Change an endpoint's address or events, disable it, or enable it again",
  body: EndpointChange,
  answer: { status: 200, description: "The endpoint", schema: WebhookEndpoint },
  refusals: ["not_found"],
  needs: changeEndpoints,
} as const;

export const deleting = {
  method: "DELETE",
  summary: "Delete an endpoint: what waits for it is never sent",
  answer: { status: 200, description: "The endpoint's id", schema: z.object({ id: z.string() }) },
  refusals: ["not_found"],
} as const;

export const rotating = {
  method: "POST",
  summary: "Have another secret made, which is told this once; for a day the one before signs as well",
  idempotent: "remembered",
  answer: { status: 200, description: "The endpoint, with its new secret", schema: WebhookEndpoint },
  refusals: ["not_found", "changed_meanwhile", "limit_reached"],
  needs: makeEndpoints,
} as const;

export const testing = {
  method: "POST",
  summary: "Send an event `webhook.test` to an endpoint",
  idempotent: "remembered",
  answer: { status: 202, description: "Its delivery; look there for what was answered", schema: WebhookDelivery },
  refusals: ["not_found"],
  needs: enqueueDeliveries,
} as const;

export const listingDeliveries = {
  method: "GET",
  pages: DELIVERIES_BY_TIME,
  summary: "What was sent to an endpoint, and what was answered, newest first; kept for 30 days",
  query: Page,
  answer: { status: 200, description: "A page of deliveries", schema: listOf(WebhookDelivery) },
  refusals: ["not_found"],
  needs: { webhooks: ["GetItem"], webhookDeliveries: ["BatchGetItem"], listedIndex: ["Query"] },
} as const;

export const attempting = {
  method: "POST",
  summary: "Have a delivery sent once more, now",
  idempotent: "by_itself",
  answer: { status: 202, description: "The delivery", schema: WebhookDelivery },
  refusals: ["not_found"],
  needs: enqueueDeliveries,
} as const;

export const replaying = {
  method: "POST",
  pages: DELIVERIES_BY_TIME,
  summary: "Have all deliveries of a range of time sent once more, a step at a time",
  query: ReplayFrom,
  body: Replay,
  answer: {
    status: 202,
    description: "How many this step has; `nextCursor` is null after the last",
    schema: ReplayStep,
  },
  refusals: ["not_found"],
  needs: { ...enqueueDeliveries, listedIndex: ["Query"] },
} as const;
