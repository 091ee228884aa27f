import * as z from "zod";
import { listOf } from "../../fields.ts";
import { makeEndpoints } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import {
  attempting,
  changing,
  deleting,
  listingDeliveries,
  replaying,
  rotating,
  testing,
} from "../../webhook-parts.ts";
import { NewEndpoint, WebhookEndpoint } from "../../webhooks.ts";

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
    ...changing,
    path: AT,
    scope: "webhooks:write",
    params: endpoint.params,
  },
  deleteWebhookEndpoint: {
    ...deleting,
    path: AT,
    scope: "webhooks:write",
    params: endpoint.params,
    needs: { webhooks: ["DeleteItem", "UpdateItem"] },
  },
  rotateWebhookSecret: {
    ...rotating,
    path: `${AT}/rotations`,
    scope: "webhooks:write",
    params: endpoint.params,
  },
  testWebhookEndpoint: {
    ...testing,
    path: `${AT}/tests`,
    scope: "webhooks:write",
    params: endpoint.params,
  },
  listWebhookDeliveries: {
    ...listingDeliveries,
    path: `${AT}/deliveries`,
    scope: "webhooks:read",
    params: endpoint.params,
  },
  attemptWebhookDelivery: {
    ...attempting,
    path: `${AT}/deliveries/{deliveryId}/attempts`,
    scope: "webhooks:write",
    params: endpoint.params.extend({ deliveryId: z.string().max(40) }),
  },
  replayWebhookDeliveries: {
    ...replaying,
    path: `${AT}/replays`,
    scope: "webhooks:write",
    params: endpoint.params,
  },
} as const satisfies Operations;

/** What channels call about webhooks, by the functions that answer. */
export const functions = { storefrontWebhooks } as const;
