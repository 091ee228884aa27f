import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db } from "../aws/dynamo.ts";
import { Money } from "../kernel/money.ts";
import { hasUnseen, isName, trimmed } from "../kernel/one-name.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { LANGUAGES, MEDIA } from "./contract.ts";
import { TURNS } from "./model.ts";
import { descriptionOf } from "./protocols.ts";
import { findSender, SenderName } from "./senders.ts";
import { type ChannelMessages, channelMessagesKey, channelsMessages } from "./table.ts";

/** A line of text that a buyer reads, without characters that nobody sees: such could turn what stands beside it around. */
const Line = (most: number) =>
  z
    .string()
    .max(most)
    .overwrite(trimmed)
    .refine((text) => isName(text) && !hasUnseen(text), "must have visible characters, and no others");

const page = z
  .string()
  .max(200)
  .regex(/^https:\/\/[^\s{}"<>@]+\{order\}[^\s{}"<>]*$/, "must be https, with {order} in its path or query");

/** What a channel, or its operator, says about messages to its buyers. */
export const NewChannelMessages = z
  .strictObject({
    shop: Line(40).meta({ description: "The shop's name, as its buyers know it." }),
    help: Line(100).exactOptional().meta({ description: "Whom a buyer asks: an address, a number, a page." }),
    language: z.enum(LANGUAGES).default("zh").meta({ description: "For buyers who name no language that we have." }),
    email: SenderName.exactOptional().meta({ description: "The sender of its mail." }),
    sms: SenderName.exactOptional().meta({ description: "The sender of its text messages." }),
    prefer: z.enum(MEDIA).default("email").meta({ description: "Which way, where a buyer gave both." }),
    turns: z
      .array(z.enum(TURNS))
      .max(TURNS.length)
      .default([...TURNS])
      .meta({ description: "What buyers are told of." }),
    confirmAbove: Money.exactOptional().meta({
      description:
        "Buyers of orders that cost more, or that are in another currency, see their codes after a one-time code that is sent to them. Without it: nobody.",
    }),
    page: page.exactOptional().meta({
      description: "The shop's own address for orders, with {order} where the id stands. Without it: ours.",
    }),
  })
  .refine(({ email, sms }) => email !== undefined || sms !== undefined, {
    path: ["email"],
    message: "a channel needs a sender of mail or of text messages",
  });
export type NewChannelMessages = z.infer<typeof NewChannelMessages>;

/** Sets what a channel says about its messages, instead of what it said before. Refuses a sender that isn't there, or is of another kind. */
export async function setChannelMessages(
  deps: Db<"operations">,
  channelId: string,
  said: NewChannelMessages,
): Promise<Result<ChannelMessages>> {
  for (const medium of MEDIA) {
    const name = said[medium];
    if (name === undefined) continue;
    const sender = await findSender(deps, name);
    if (sender === undefined || descriptionOf(sender.protocol).medium !== medium)
      return refuse("invalid_request", `There is no sender of this name for ${medium}.`, [
        { pointer: `/${medium}`, message: "is no such sender" },
      ]);
  }
  const settings = { channelId, ...said };
  const Item = channelsMessages.write(channelMessagesKey(channelId), settings);
  await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item }));
  return ok(settings);
}
