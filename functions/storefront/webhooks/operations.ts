import * as z from "zod";
import { listOf, Page } from "../../fields.ts";
import { changeEndpoints, enqueueDeliveries, makeEndpoints } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import {
  DELIVERIES_BY_TIME,
  EndpointChange,
  NewEndpoint,
  Replay,
  ReplayFrom,
  ReplayStep,
  WebhookDelivery,
  WebhookEndpoint,
} from "../../webhooks.ts";

const endpoint = { params: z.strictObject({ endpointId: z.string().max(40) }), refusals: ["not_found"] } as const;
const AT = "/v1/webhook-endpoints/{endpointId}";

const storefrontWebhooks = {
  createWebhookEndpoint: {
    method: "POST",
    path: "/v1/webhook-endpoints",
    summary: "Have events of your orders posted to an address; its secret is told this once",
    scope: "webhooks:write",
    idempotent: "remembered",
    body: NewEndpoint,
    answer: {
      status: 201,
      description: "The endpoint, with its secret",
      schema: WebhookEndpoint,
      location: "/v1/webhook-endpoints/{id}",
    },
    refusals: ["limit_reached"],
    needs: makeEndpoints,
  },
  listWebhookEndpoints: {
    method: "GET",
    path: "/v1/webhook-endpoints",
    summary: "Your endpoints; never their secrets",
    scope: "webhooks:read",
    answer: { status: 200, description: "All of them: there are ten at most", schema: listOf(WebhookEndpoint) },
    needs: { webhooks: ["Query"] },
  },
  getWebhookEndpoint: {
    method: "GET",
    path: AT,
    summary: "One endpoint, and how it does",
    scope: "webhooks:read",
    ...endpoint,
    answer: { status: 200, description: "The endpoint", schema: WebhookEndpoint },
    needs: { webhooks: ["GetItem"] },
  },
  changeWebhookEndpoint: {
    method: "PATCH",
    path: AT,
    summary: "Change an endpoint's address or events, disable it, or enable it again",
    scope: "webhooks:write",
    ...endpoint,
    body: EndpointChange,
    answer: { status: 200, description: "The endpoint", schema: WebhookEndpoint },
    needs: changeEndpoints,
  },
  deleteWebhookEndpoint: {
    method: "DELETE",
    path: AT,
    summary: "Delete an endpoint: what waits for it is never sent",
    scope: "webhooks:write",
    ...endpoint,
    answer: { status: 200, description: "The endpoint's id", schema: z.object({ id: z.string() }) },
    needs: { webhooks: ["DeleteItem", "UpdateItem"] },
  },
  rotateWebhookSecret: {
    method: "POST",
    path: `${AT}/rotations`,
    summary: "Have another secret made, which is told this once; for a day the one before signs as well",
    scope: "webhooks:write",
    idempotent: "remembered",
    ...endpoint,
    answer: { status: 200, description: "The endpoint, with its new secret", schema: WebhookEndpoint },
    refusals: ["not_found", "changed_meanwhile", "limit_reached"],
    needs: makeEndpoints,
  },
  testWebhookEndpoint: {
    method: "POST",
    path: `${AT}/tests`,
    summary: "Send an event `webhook.test` to an endpoint",
    scope: "webhooks:write",
    idempotent: "remembered",
    ...endpoint,
    answer: { status: 202, description: "Its delivery; look there for what was answered", schema: WebhookDelivery },
    needs: enqueueDeliveries,
  },
  listWebhookDeliveries: {
    method: "GET",
    path: `${AT}/deliveries`,
    pages: DELIVERIES_BY_TIME,
    summary: "What was sent to an endpoint, and what was answered, newest first; kept for 30 days",
    scope: "webhooks:read",
    ...endpoint,
    query: Page,
    answer: { status: 200, description: "A page of deliveries", schema: listOf(WebhookDelivery) },
    needs: { webhooks: ["GetItem"], webhookDeliveries: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  attemptWebhookDelivery: {
    method: "POST",
    path: `${AT}/deliveries/{deliveryId}/attempts`,
    summary: "Have a delivery sent once more, now",
    scope: "webhooks:write",
    idempotent: "by_itself",
    params: endpoint.params.extend({ deliveryId: z.string().max(40) }),
    answer: { status: 202, description: "The delivery", schema: WebhookDelivery },
    refusals: ["not_found"],
    needs: enqueueDeliveries,
  },
  replayWebhookDeliveries: {
    method: "POST",
    path: `${AT}/replays`,
    pages: DELIVERIES_BY_TIME,
    summary: "Have all deliveries of a range of time sent once more, a step at a time",
    scope: "webhooks:write",
    ...endpoint,
    query: ReplayFrom,
    body: Replay,
    answer: {
      status: 202,
      description: "How many this step has; `nextCursor` is null after the last",
      schema: ReplayStep,
    },
    needs: { ...enqueueDeliveries, listedIndex: ["Query"] },
  },
} as const satisfies Operations;

/** What channels call about webhooks, by the functions that answer. */
export const functions = { storefrontWebhooks } as const;
