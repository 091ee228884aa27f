import * as z from "zod";
import type { Item, Key } from "../aws/dynamo.ts";
import { listedAs } from "../aws/listed.ts";
import { stored } from "../aws/stored.ts";
import { spread } from "../kernel/ids.ts";
import { StoredMoney } from "../kernel/money.ts";
import { LANGUAGES, MEDIA } from "./contract.ts";
import { MESSAGE_STATES, type Message, TURNS } from "./model.ts";

/** How the keys of messages begin: those of one order stand together. */
export const MESSAGES = "messages#";
export const messagesOf = (orderId: string): string => `${MESSAGES}${orderId}`;
export const messageKey = ({
  orderId,
  template,
  occasion,
}: Pick<Message, "orderId" | "template" | "occasion">): Key => ({
  pk: messagesOf(orderId),
  sk: `${template}#${occasion}`,
});

/**
 * Messages that wait stand in lists by the time at which they are due. A partition key of an index takes a thousand write units a second:
 * while a sender is down, eight lists take eight thousand.
 */
const SHARDS = 8;
const dueList = (shard: number) => `messages-due#${shard}` as const;
export const dueLists = Array.from({ length: SHARDS }, (_, shard) => dueList(shard));

const message = z.object({
  id: z.string(),
  orderId: z.string(),
  channelId: z.string(),
  template: z.string(),
  occasion: z.string(),
  medium: z.enum(MEDIA),
  sender: z.string(),
  to: z.string(),
  state: z.enum(MESSAGE_STATES),
  createdAt: z.string(),
  version: z.int(),
  dueAt: z.string().exactOptional(),
  lost: z.int(),
  notSent: z.int(),
  sentAt: z.string().exactOptional(),
  senderMessageId: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  unreachable: z.literal(true).exactOptional(),
} satisfies Record<keyof Message, z.ZodType>);
export const messages = stored<Message>("message to a buyer", message);

/** The item of a message, with its place among those that wait. One that a call has costs no write of the index. */
export const messageItem = (one: Message, beside: Item): Item =>
  messages.write(messageKey(one), one, {
    ...beside,
    ...(one.state === "waiting" ? listedAs(dueList(spread(one.orderId, SHARDS)), `${one.dueAt ?? ""}#${one.id}`) : {}),
  });

/** How the keys of senders begin, and of what channels say about their messages. */
export const SENDERS = "sender#";
export const senderKey = (name: string): Key => ({ pk: `${SENDERS}${name}`, sk: "sender" });
export const CHANNEL_MESSAGES = "channel-messages#";
export const channelMessagesKey = (channelId: string): Key => ({
  pk: `${CHANNEL_MESSAGES}${channelId}`,
  sk: "settings",
});

/** How the keys of limits begin: of one number by its keyed hash, and of one sender's day. */
export const MESSAGE_LIMITS = "message-limit#";
export const numberKey = (to: string): Key => ({ pk: `${MESSAGE_LIMITS}${to}`, sk: "number" });
export const budgetKey = (name: string, day: string): Key => ({ pk: `${MESSAGE_LIMITS}${name}`, sk: `day#${day}` });
export const numbers = stored("messages of a number", z.object({ sent: z.array(z.string()), version: z.int() }));
export const budgets = stored("messages of a sender's day", z.object({ used: z.int() }));

/** How the keys of recipients begin who get no more messages: by their keyed hashes. */
export const SUPPRESSED = "suppressed#";
export const suppressedKey = (to: string): Key => ({ pk: `${SUPPRESSED}${to}`, sk: "suppressed" });
/** What a sender tells later: it came back for good, its reader called it spam, or it was put off for a while. */
export const NOTICES = ["bounced", "complained", "deferred"] as const;
export type Notice = (typeof NOTICES)[number];
export const suppressions = stored(
  "recipient without messages",
  z.object({ notice: z.enum(NOTICES).exactOptional(), putOff: z.int().exactOptional(), expiresAtEpoch: z.int() }),
);

/** How far the sweep of what was told has come. */
export const MESSAGE_SWEEP = "message-sweep";
export const archiveSweepKey: Key = { pk: MESSAGE_SWEEP, sk: "archive" };
export const archiveSweeps = stored("sweep of what was told", z.object({ after: z.string() }));

const texts = z.record(z.string(), z.string());
const sender = z.object({
  name: z.string(),
  /** A name of the registry, which itself stays out of here: it brings every protocol along. */
  protocol: z.string(),
  settings: texts,
  templates: texts.exactOptional(),
  countries: z.array(z.string()).exactOptional(),
  perDay: z.int().exactOptional(),
});
export type StoredSender = z.infer<typeof sender>;
export const senders = stored("sender of messages", sender);

const channelMessages = z.object({
  channelId: z.string(),
  shop: z.string(),
  help: z.string().exactOptional(),
  language: z.enum(LANGUAGES),
  email: z.string().exactOptional(),
  sms: z.string().exactOptional(),
  prefer: z.enum(MEDIA),
  turns: z.array(z.enum(TURNS)),
  page: z.string().exactOptional(),
  confirmAbove: StoredMoney.exactOptional(),
});
export type ChannelMessages = z.infer<typeof channelMessages>;
export const channelsMessages = stored("messages of a channel", channelMessages);
