import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";

/** How the keys of a channel's endpoints begin, of their count, and of what their senders note. */
export const WEBHOOKS = "webhooks#";
export const webhooksOf = (channelId: string): string => `${WEBHOOKS}${channelId}`;
export const ENDPOINT = "endpoint#";
export const SENDER = "sender#";
export const endpointKey = ({ channelId, endpointId }: EndpointName): Key => ({
  pk: webhooksOf(channelId),
  sk: `${ENDPOINT}${endpointId}`,
});
export const senderKey = ({ channelId, endpointId }: EndpointName): Key => ({
  pk: webhooksOf(channelId),
  sk: `${SENDER}${endpointId}`,
});
export const countKey = (channelId: string): Key => ({ pk: webhooksOf(channelId), sk: "count" });

/** How the keys of what waits begin: one queue for each endpoint and subject. */
export const QUEUES = "webhook-queue#";
export const queueKey = (endpointId: string, subject: string): Key => ({
  pk: `${QUEUES}${endpointId}#${subject}`,
  sk: "queue",
});
/** Gives the subject whose queue has this key. Ids of endpoints have no `#`. */
export const subjectIn = ({ pk }: Pick<Key, "pk">): string => pk.slice(QUEUES.length).replace(/^[^#]*#/, "");

/** How the keys of deliveries begin. */
export const DELIVERIES = "webhook-delivery#";
export const deliveryKey = (endpointId: string, deliveryId: string): Key => ({
  pk: `${DELIVERIES}${endpointId}#${deliveryId}`,
  sk: "delivery",
});

/** The lists in the index of lists: all endpoints; the queues of an endpoint by when they are due; its deliveries by time. */
export const ALL_ENDPOINTS = "webhook-endpoints";
export const dueAt = (endpointId: string) => `webhook-due#${endpointId}` as const;
export const deliveriesOf = (endpointId: string) => `webhook-deliveries#${endpointId}` as const;

/** An endpoint belongs to a channel, and is found by both names. */
export type EndpointName = { channelId: string; endpointId: string };

const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);
const sealedSecret = { sealed: bytes, dataKey: bytes };

const endpoint = z.object({
  channelId: z.string(),
  endpointId: z.string(),
  url: z.string(),
  /** The types of events that it wants. Absent: all that are about its channel, also those to come. */
  events: z.array(z.string()).exactOptional(),
  enabled: z.boolean(),
  /** Why it is not enabled. `failing`: nothing was taken for three days · `gone`: it answered 410 · `asked`: by a call. */
  disabledReason: z.enum(["failing", "gone", "asked"]).exactOptional(),
  disabledAt: z.string().exactOptional(),
  createdAt: z.string(),
  requestHash: z.string(),
  /** `madeBy`: the request that made it. A repeat makes no other one. */
  secret: z.object({ ...sealedSecret, madeBy: z.string() }),
  /** Secrets before rotations, the newest first, each of which signs as well until then. */
  previous: z.array(z.object({ ...sealedSecret, until: z.string() })).exactOptional(),
});
export type Endpoint = z.infer<typeof endpoint>;
export const endpoints = stored("endpoint of webhooks", endpoint);

/**
 * What the sender of an endpoint notes. `busyBy`: the call that has it for itself, until `busyUntil`. `asked`: subjects that others
 * have asked for meanwhile. `failures`: calls in a row that failed, since `failingSince`.
 */
const sender = z.object({
  busyBy: z.string().exactOptional(),
  busyUntil: z.string().exactOptional(),
  asked: z.set(z.string()).exactOptional(),
  failures: z.int().exactOptional(),
  failingSince: z.string().exactOptional(),
  restUntil: z.string().exactOptional(),
});
export type Sender = z.infer<typeof sender>;
export const senders = stored("sender of an endpoint", sender);

/**
 * What waits for an endpoint of one subject. `waiting`: places of deliveries, which sort as they are to be sent; absent: nothing.
 * `listPlace`: when the first of them is due. `tries` and `failingSince` are of that first one.
 */
const queue = z.object({
  waiting: z.set(z.string()).exactOptional(),
  listPlace: z.string().exactOptional(),
  tries: z.int().exactOptional(),
  failingSince: z.string().exactOptional(),
});
export type Queue = z.infer<typeof queue>;
export const queues = stored("queue of an endpoint", queue);

const attempt = z.object({
  at: z.string(),
  /** The status of the answer. Absent: there was none, and `failure` says why. */
  status: z.int().exactOptional(),
  failure: z.string().exactOptional(),
  /** What the answer began with. */
  answer: z.string().exactOptional(),
  tookMs: z.int(),
});
export type Attempt = z.infer<typeof attempt>;

const event = z.looseObject({ id: z.string(), type: z.string(), at: z.string(), number: z.int().exactOptional() });
const delivery = z.object({
  channelId: z.string(),
  endpointId: z.string(),
  deliveryId: z.string(),
  subject: z.string(),
  event,
  /** `waiting`: to be sent, or sent again · `delivered`: its receiver took it · `failed`: given up. */
  state: z.enum(["waiting", "delivered", "failed"]),
  createdAt: z.string(),
  attempts: z.array(attempt),
});
export type Delivery = z.infer<typeof delivery>;
export const deliveries = stored("delivery of a webhook", delivery);
