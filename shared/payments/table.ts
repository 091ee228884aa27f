import * as z from "zod";
import type { Item, Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { spread } from "../kernel/ids.ts";
import { StoredMoney as money } from "../kernel/money.ts";
import { FLOWS } from "./contract.ts";
import { DEPOSIT_ENDS, untoldSince } from "./deposit-states.ts";
import { DISPUTE_STATES } from "./dispute-contract.ts";
import { PAYMENT_STATES, type Payment, REFUND_STATES, RETURN_REASONS } from "./model.ts";
import type { ProviderProtocolName } from "./starters.ts";

/** The key of a payment, in the orders table: it moves together with its order. */
export const paymentKey = (id: string): Key => ({ pk: `payment#${id}`, sk: "payment" });

/**
 * Payments that wait for something stand in the index of unfinished orders, by the time at which they are due, under keys of their own.
 * A partition key of an index takes a thousand write units a second, and a payment writes some: sixteen shards take sixteen thousand.
 */
const SHARDS = 16;
const dueQueueOf = (id: string): string => `payments#${spread(id, SHARDS)}`;
export const dueQueues: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => `payments#${shard}`);

/** The attributes by which a payment stands in the index. */
export const dueAttributes = (id: string, at: string): { careQueue: string; careAt: string } => ({
  careQueue: dueQueueOf(id),
  careAt: at,
});

const purpose = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("order"), orderId: z.string(), epoch: z.int() }),
  z.object({
    kind: z.literal("deposit"),
    depositId: z.string(),
    requestHash: z.string(),
    reference: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal("renewal"), subscriptionId: z.string(), period: z.int() }),
]);

const refund = z.object({
  id: z.string(),
  cause: z.string(),
  round: z.int(),
  amount: z.int(),
  requestedAt: z.string(),
  state: z.enum(REFUND_STATES),
  asked: z.int(),
  endedAt: z.string().exactOptional(),
  providerRefundId: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  bounced: z.int().exactOptional(),
  insteadOf: z.string().exactOptional(),
});

const payment = z.object({
  id: z.string(),
  version: z.int(),
  purpose,
  channelId: z.string(),
  amount: money,
  createdAt: z.string(),
  expiresAt: z.string(),
  flow: z.enum(FLOWS).exactOptional(),
  description: z.string().exactOptional(),
  openId: z.string().exactOptional(),
  payerIp: z.string().exactOptional(),
  returnUrl: z.string().exactOptional(),
  provider: z.string(),
  fee: z.object({ ppm: z.int(), fixed: z.int().exactOptional() }).exactOptional(),
  attempt: z.int(),
  state: z.enum(PAYMENT_STATES),
  checkout: z
    .union([
      z.object({ url: z.string() }),
      z.object({ qr: z.string() }),
      z.object({ parameters: z.record(z.string(), z.string()) }),
    ])
    .exactOptional(),
  providerPaymentId: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  received: z
    .object({ providerPaymentId: z.string(), amount: z.int(), currency: z.string(), at: z.string() })
    .exactOptional(),
  counted: z.literal(true).exactOptional(),
  returned: z.enum(RETURN_REASONS).exactOptional(),
  refunds: z.record(z.string(), refund),
  disputes: z
    .record(z.string(), z.object({ state: z.enum(DISPUTE_STATES), held: z.int(), owed: z.int() }))
    .exactOptional(),
  asked: z.int(),
  dueAt: z.string().exactOptional(),
  told: z.enum(DEPOSIT_ENDS).exactOptional(),
  correlationId: z.string().exactOptional(),
} satisfies Record<keyof Payment, z.ZodType>);

export const payments = stored<Payment>("payment", payment);

/** The value under which the index of a channel's orders lists its deposits, by time. They are few: one key is enough. */
export const depositsOf = (channelId: string): string => `deposits#${channelId}`;

const listed = ({ id, purpose, channelId, createdAt }: Payment): Item =>
  purpose.kind === "deposit" ? { listShard: depositsOf(channelId), listKey: `${createdAt}#${id}` } : {};

/**
 * The item of a payment, with its place in the index while it waits for something, and in the list of deposits. A deposit waits also for
 * its channel to be told.
 */
export function paymentItem(one: Payment): Item {
  const [at] = [one.dueAt, untoldSince(one)].filter((time) => time !== undefined).toSorted();
  return payments.write(paymentKey(one.id), one, {
    ...(at === undefined ? {} : dueAttributes(one.id, at)),
    ...listed(one),
  });
}

export const paymentIdIn = (key: Item): string => String(key["pk"]).slice("payment#".length);

/** How the keys of payment providers begin. */
export const PROVIDERS = "provider#";
export const providerKey = (name: string): Key => ({ pk: `${PROVIDERS}${name}`, sk: "provider" });

const provider = z.object({
  name: z.string(),
  /** A name of the registry. The registry itself stays out of here: it brings every protocol along. */
  protocol: z.custom<ProviderProtocolName>((value) => typeof value === "string"),
  baseUrl: z.string(),
  notificationUrl: z.string().exactOptional(),
  timeoutMs: z.int(),
  fees: z.array(z.string()).exactOptional(),
});
export type Provider = z.infer<typeof provider>;
export const providers = stored("payment provider", provider);

/** How the keys of notifications begin. */
export const NOTIFICATIONS = "notification#";
export const notificationKey = (providerName: string, eventId: string): Key => ({
  pk: `${NOTIFICATIONS}${providerName}#${eventId}`,
  sk: "notification",
});

/** A notification that verified, as it is stored. Its body lies sealed beside this. */
const notification = z.object({
  provider: z.string(),
  eventId: z.string(),
  /** What it is about: a payment, or a dispute by the provider's own name for it. */
  paymentId: z.string().exactOptional(),
  disputeId: z.string().exactOptional(),
  /** Our name for the refund that it is about. */
  refundId: z.string().exactOptional(),
  processedAt: z.string().exactOptional(),
});
export type Notification = z.infer<typeof notification>;
export const notifications = stored("payment notification", notification);
