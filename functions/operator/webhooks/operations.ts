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
    method: "PATCH",
    path: AT,
    summary: "Change an endpoint's address or events, disable it, or enable it again",
    ...endpoint,
    body: EndpointChange,
    command: {
      is: "webhooks change",
      argument: "endpointId",
      options: { enabled: { opposite: "disabled", about: "what waits for it is sent" } },
    },
    answer: { status: 200, description: "The endpoint", schema: WebhookEndpoint },
    needs: changeEndpoints,
    audit: { action: "webhooks_changed {endpointId}", subject: "{channelId}" },
  },
  deleteChannelsEndpoint: {
    method: "DELETE",
    path: AT,
    summary: "Delete an endpoint: what waits for it is never sent",
    ...endpoint,
    command: {
      is: "webhooks delete",
      argument: "endpointId",
      effect: "It deletes the endpoint: what waits for it is never sent.",
    },
    answer: { status: 200, description: "The endpoint's id", schema: z.object({ id: z.string() }) },
    needs: { webhooks: ["GetItem", "DeleteItem", "UpdateItem"] },
    audit: { action: "webhooks_deleted {endpointId}", subject: "{channelId}" },
  },
  rotateChannelsSecret: {
    method: "POST",
    path: `${AT}/rotations`,
    summary: "Have another secret made, which is told this once; for a day the one before signs as well",
    idempotent: "remembered",
    ...endpoint,
    command: { is: "webhooks rotate", argument: "endpointId" },
    answer: { status: 200, description: "The endpoint, with its new secret", schema: WebhookEndpoint },
    refusals: ["not_found", "changed_meanwhile"],
    needs: makeEndpoints,
    audit: { action: "webhooks_rotated {endpointId}", subject: "{channelId}" },
  },
  testChannelsEndpoint: {
    method: "POST",
    path: `${AT}/tests`,
    summary: "Send an event `webhook.test` to an endpoint",
    idempotent: "remembered",
    ...endpoint,
    command: { is: "webhooks test", argument: "endpointId" },
    answer: { status: 202, description: "Its delivery; look there for what was answered", schema: WebhookDelivery },
    needs: enqueueDeliveries,
    audit: { action: "webhooks_tested {endpointId}", subject: "{channelId}" },
  },
  listChannelsDeliveries: {
    method: "GET",
    path: `${AT}/deliveries`,
    pages: DELIVERIES_BY_TIME,
    summary: "What was sent to an endpoint, and what was answered, newest first; kept for 30 days",
    ...endpoint,
    query: Page,
    command: {
      is: "webhooks deliveries",
      argument: "endpointId",
      columns: ["id", "type", "subject", "number", "state", "createdAt"],
    },
    answer: { status: 200, description: "A page of deliveries", schema: listOf(WebhookDelivery) },
    needs: { webhooks: ["GetItem"], webhookDeliveries: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  attemptChannelsDelivery: {
    method: "POST",
    path: `${AT}/deliveries/{deliveryId}/attempts`,
    summary: "Have a delivery sent once more, now",
    idempotent: "by_itself",
    params: endpoint.params.extend({ deliveryId: Id }),
    command: { is: "webhooks attempt", argument: "deliveryId" },
    answer: { status: 202, description: "The delivery", schema: WebhookDelivery },
    refusals: ["not_found"],
    needs: enqueueDeliveries,
    audit: { action: "webhooks_attempted {endpointId}", subject: "{channelId}" },
  },
  replayChannelsDeliveries: {
    method: "POST",
    path: `${AT}/replays`,
    pages: DELIVERIES_BY_TIME,
    summary: "Have all deliveries of a range of time sent once more, a step at a time",
    ...endpoint,
    query: ReplayFrom,
    body: Replay,
    command: { is: "webhooks replay", argument: "endpointId", own: "it sends step after step" },
    answer: {
      status: 202,
      description: "How many this step has; `nextCursor` is null after the last",
      schema: ReplayStep,
    },
    needs: { ...enqueueDeliveries, listedIndex: ["Query"] },
    audit: { action: "webhooks_replayed {endpointId}", subject: "{channelId}" },
  },
} as const satisfies Operations;

/** What operators call about the webhooks of channels, by the functions that answer. */
export const functions = { operatorWebhooks } as const;
