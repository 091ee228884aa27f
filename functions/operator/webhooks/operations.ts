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
import { Id } from "../fields.ts";

const channel = { params: z.strictObject({ channelId: Id }), refusals: ["not_found"] } as const;
const endpoint = { params: z.strictObject({ channelId: Id, endpointId: Id }), refusals: ["not_found"] } as const;
const ALL = "/admin/v1/channels/{channelId}/webhook-endpoints";
const AT = `${ALL}/{endpointId}` as const;

const operatorWebhooks = {
  createChannelsEndpoint: {
    method: "POST",
    path: ALL,
    summary: "Have events of a channel's orders posted to an address; its secret is told this once",
    idempotent: "remembered",
    params: channel.params,
    body: NewEndpoint,
    command: { is: "webhooks create" },
    answer: { status: 201, description: "The endpoint, with its secret", schema: WebhookEndpoint },
    refusals: ["not_found", "limit_reached"],
    needs: { ...makeEndpoints, identityTable: ["GetItem"] },
    audit: { action: "webhooks_created {id}", subject: "{channelId}" },
  },
  listChannelsEndpoints: {
    method: "GET",
    path: ALL,
    summary: "A channel's endpoints of webhooks; never their secrets",
    ...channel,
    command: { is: "webhooks list", columns: ["id", "url", "enabled", "disabledReason", "failingSince"] },
    answer: { status: 200, description: "All of them: there are ten at most", schema: listOf(WebhookEndpoint) },
    needs: { webhooks: ["Query"], identityTable: ["GetItem"] },
  },
  getChannelsEndpoint: {
    method: "GET",
    path: AT,
    summary: "One endpoint of webhooks, and how it does",
    ...endpoint,
    command: { is: "webhooks show", argument: "endpointId" },
    answer: { status: 200, description: "The endpoint", schema: WebhookEndpoint },
    needs: { webhooks: ["GetItem"] },
  },
  changeChannelsEndpoint: {
    ...changing,
    path: AT,
    params: endpoint.params,
    command: {
      is: "webhooks change",
      argument: "endpointId",
      options: {
        url: { about: "where events are posted: https, on port 443 or 8443, at a public address" },
        events: { about: "the events that it wants, instead of those before" },
        enabled: { opposite: "disabled", about: "what waits for it is sent" },
      },
    },
    audit: { action: "webhooks_changed {endpointId}", subject: "{channelId}" },
  },
  deleteChannelsEndpoint: {
    ...deleting,
    path: AT,
    params: endpoint.params,
    command: {
      is: "webhooks delete",
      argument: "endpointId",
      effect: "It deletes the endpoint: what waits for it is never sent.",
    },
    needs: { webhooks: ["GetItem", "DeleteItem", "UpdateItem"] },
    audit: { action: "webhooks_deleted {endpointId}", subject: "{channelId}" },
  },
  rotateChannelsSecret: {
    ...rotating,
    path: `${AT}/rotations`,
    params: endpoint.params,
    command: { is: "webhooks rotate", argument: "endpointId" },
    audit: { action: "webhooks_rotated {endpointId}", subject: "{channelId}" },
  },
  testChannelsEndpoint: {
    ...testing,
    path: `${AT}/tests`,
    params: endpoint.params,
    command: { is: "webhooks test", argument: "endpointId" },
    audit: { action: "webhooks_tested {endpointId}", subject: "{channelId}" },
  },
  listChannelsDeliveries: {
    ...listingDeliveries,
    path: `${AT}/deliveries`,
    params: endpoint.params,
    command: {
      is: "webhooks deliveries",
      argument: "endpointId",
      columns: ["id", "type", "subject", "number", "state", "createdAt"],
    },
  },
  attemptChannelsDelivery: {
    ...attempting,
    path: `${AT}/deliveries/{deliveryId}/attempts`,
    params: endpoint.params.extend({ deliveryId: Id }),
    command: { is: "webhooks attempt", argument: "deliveryId" },
    audit: { action: "webhooks_attempted {endpointId}", subject: "{channelId}" },
  },
  replayChannelsDeliveries: {
    ...replaying,
    path: `${AT}/replays`,
    params: endpoint.params,
    command: {
      is: "webhooks replay",
      summary: "Have all deliveries of a range of time sent once more",
      argument: "endpointId",
      own: "it sends step after step",
    },
    audit: { action: "webhooks_replayed {endpointId}", subject: "{channelId}" },
  },
} as const satisfies Operations;

/** What operators call about the webhooks of channels, by the functions that answer. */
export const functions = { operatorWebhooks } as const;
