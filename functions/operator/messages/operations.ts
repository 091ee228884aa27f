import * as z from "zod";
import { LANGUAGES } from "../../../shared/messages/contract.ts";
import { TEMPLATES } from "../../../shared/messages/model.ts";
import { NewSender, SenderName } from "../../../shared/messages/senders.ts";
import { NewChannelMessages } from "../../../shared/messages/settings.ts";
import { listOf, Page } from "../../fields.ts";
import { reachSenders } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { ChannelMessages, Message, Preview, Sender, SenderTest } from "./shown.ts";

const CHANNEL = "/admin/v1/channels/{channelId}/messages";

const operatorMessages = {
  setSender: {
    method: "POST",
    path: "/admin/v1/senders",
    summary: "Set a sender of messages and hand over its credentials; the same name again replaces what was set",
    body: NewSender,
    command: {
      is: "senders set",
      options: {
        name: { about: "the name by which channels speak of it" },
        settings: { about: "a JSON file: the protocol's settings, as host, port, tls and from" },
        credentials: { about: "a JSON file: the protocol's secrets, as user and password" },
        templates: { about: "a JSON file: the sender's own codes of our templates" },
      },
    },
    answer: {
      status: 201,
      description: "The sender, without its credentials",
      schema: Sender,
      location: "/admin/v1/senders",
    },
    needs: { senders: ["PutItem"], senderSecrets: ["PutParameter"] },
    audit: { action: "sender_set", subject: "{name}" },
  },
  listSenders: {
    method: "GET",
    path: "/admin/v1/senders",
    pages: /^[a-z][a-z0-9-]{0,31}$/,
    summary: "All senders of messages, by name",
    query: Page,
    command: { is: "senders list", columns: ["name", "protocol"] },
    answer: { status: 200, description: "A page of senders", schema: listOf(Sender) },
    needs: { senders: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  setChannelMessages: {
    method: "POST",
    path: CHANNEL,
    summary: "Say what a channel's buyers are told, by which senders, instead of what was said before",
    params: z.strictObject({ channelId: Id }),
    body: NewChannelMessages,
    command: { is: "messages set" },
    answer: { status: 200, description: "What was said", schema: ChannelMessages },
    refusals: ["not_found"],
    needs: { senders: ["GetItem", "PutItem"], identityTable: ["GetItem"] },
    audit: { action: "channel_messages_set", subject: "{channelId}" },
  },
  getChannelMessages: {
    method: "GET",
    path: CHANNEL,
    summary: "What a channel says about messages to its buyers",
    params: z.strictObject({ channelId: Id }),
    command: { is: "messages show", argument: "channelId" },
    answer: { status: 200, description: "What it says", schema: ChannelMessages },
    refusals: ["not_found"],
    needs: { senders: ["GetItem"] },
  },
  previewMessage: {
    method: "GET",
    path: `${CHANNEL}/{template}`,
    summary: "A message as a channel's buyers would get it",
    params: z.strictObject({ channelId: Id, template: z.enum(TEMPLATES) }),
    query: z.strictObject({ language: z.enum(LANGUAGES).optional() }),
    command: { is: "messages preview" },
    answer: { status: 200, description: "The message", schema: Preview },
    refusals: ["not_found"],
    needs: { senders: ["GetItem"] },
  },
  listMessages: {
    method: "GET",
    path: "/admin/v1/orders/{orderId}/messages",
    summary: "What the buyer of an order was told and when; never to which address, nor the link",
    params: z.strictObject({ orderId: Id }),
    command: { is: "messages list", argument: "orderId" },
    answer: { status: 200, description: "All of them", schema: z.object({ data: z.array(Message) }) },
    refusals: ["not_found"],
    needs: { ordersTable: ["GetItem"], messages: ["Query"] },
  },
} as const satisfies Operations;

/** Alone, because it speaks to senders: libraries come along, and it may read their credentials. */
const testSender = {
  testSender: {
    method: "POST",
    path: "/admin/v1/senders/{name}/tests",
    summary: "Send a message to an address of your own, to try a sender",
    params: z.strictObject({ name: SenderName }),
    body: z.strictObject({
      to: z.string().min(3).max(254).meta({ description: "An address or number of your own. It is not kept." }),
    }),
    command: { is: "senders test", argument: "name" },
    answer: { status: 200, description: "What the sender said", schema: SenderTest },
    refusals: ["not_found"],
    needs: reachSenders,
    audit: { action: "sender_tested", subject: "{name}" },
  },
} as const satisfies Operations;

/** What operators call about messages to buyers, by the functions that answer. */
export const functions = { operatorMessages, testSender } as const;
