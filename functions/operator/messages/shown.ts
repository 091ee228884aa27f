import * as z from "zod";
import { Money } from "../../../shared/kernel/money.ts";
import { LANGUAGES, MEDIA } from "../../../shared/messages/contract.ts";
import { MESSAGE_STATES, TURNS } from "../../../shared/messages/model.ts";
import { Time } from "../../fields.ts";

const Texts = z.record(z.string(), z.string());

export const Sender = z
  .object({
    name: z.string().meta({ description: "The name by which channels speak of it." }),
    protocol: z.string(),
    settings: Texts,
    templates: Texts.optional().meta({ description: "The sender's own codes of our templates." }),
    countries: z.array(z.string()).optional().meta({ description: "The calling codes that text messages may go to." }),
    perDay: z.int().optional().meta({ description: "The most messages on a day (UTC)." }),
  })
  .meta({ id: "Sender", description: "A way to send messages, without its credentials." });

export const SenderTest = z
  .object({
    outcome: z.enum(["sent", "refused", "unknown", "not_sent"]),
    reason: z.string().optional().meta({ description: "Why not, in a word of ours." }),
  })
  .meta({ id: "SenderTest", description: "What became of a message that was sent to try a sender." });

export const ChannelMessages = z
  .object({
    channelId: z.string(),
    shop: z.string(),
    help: z.string().optional(),
    language: z.enum(LANGUAGES),
    email: z.string().optional(),
    sms: z.string().optional(),
    prefer: z.enum(MEDIA),
    turns: z.array(z.enum(TURNS)),
    page: z.string().optional(),
    confirmAbove: Money.optional(),
  })
  .meta({ id: "ChannelMessages", description: "What a channel says about messages to its buyers." });

export const Message = z
  .object({
    id: z.string(),
    template: z.string().meta({ description: "What it tells of." }),
    medium: z.enum(MEDIA),
    sender: z.string(),
    state: z.enum(MESSAGE_STATES),
    createdAt: Time,
    dueAt: Time.optional().meta({ description: "When it is to be sent, or looked at again." }),
    sentAt: Time.optional(),
    reason: z.string().optional().meta({ description: "Why it was not sent, in a word of ours." }),
    unreachable: z.literal(true).optional().meta({ description: "Nobody reaches this address or number." }),
  })
  .meta({ id: "BuyerMessage", description: "A message to a buyer: what and when. Never to whom, nor its link." });

export const Preview = z
  .object({
    subject: z.string(),
    text: z.string(),
    html: z.string(),
    short: z.string().meta({ description: "The text message." }),
  })
  .meta({ id: "MessagePreview", description: "A message as it would be written, about an order that isn't there." });
