import * as z from "zod";
import { onceToken } from "../../../shared/deliveries/once.ts";
import { oneTimeCode } from "../../../shared/deliveries/one-time-code.ts";
import { hearNotice } from "../../../shared/messages/notice.ts";
import { pageOfOrder } from "../../../shared/messages/page.ts";
import { channelSettings, sendersBy } from "../../../shared/messages/reach.ts";
import { NOTICES } from "../../../shared/messages/table.ts";
import { type Asked, tellBuyer } from "../../../shared/messages/tell.ts";
import { openContact } from "../../../shared/orders/open-contact.ts";
import { linkTokens } from "../../../shared/secrecy/link-tokens.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { onceUrlOf, pageUrlOf } from "../../delivery-url.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { dependenciesOfWorker, kmsClient, ssmClient } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.sendMessages);
const kms = kmsClient();
const links = linkTokens(kms, env.LINK_KEY);
const reaching = { ...given, ssm: ssmClient(), senderSecretsPrefix: env.SENDER_SECRETS_PREFIX };
const deps: Parameters<typeof tellBuyer>[0] & typeof given = {
  ...given,
  settingsOf: channelSettings(reaching),
  reachSender: sendersBy(reaching),
  openContact: (order) => openContact({ kms, personalKey: env.PERSONAL_KEY }, order),
  linkOf: async (order, settings, { turn, occasion }) => {
    if (turn === "code") return { code: oneTimeCode(await deps.recognise(), order, occasion) };
    const token = await links();
    if (turn !== "found" || settings.page !== undefined)
      return pageOfOrder(order, settings, given.clock(), { token, urlOf: pageUrlOf });
    const once = onceToken(token, order.id, occasion);
    return order.linkEnds === undefined ? undefined : { url: onceUrlOf(once), token: once };
  },
  recognise: recogniser(kms, env.RECOGNITION_KEY),
};

const Message = z.union([
  // `asked`: somebody has asked for the link of the order, on this occasion. `found`: its buyer has looked for it.
  // `code`: its page is to show the goods after a one-time code.
  z.strictObject({
    orderId: z.string(),
    asked: z.string().max(60).optional(),
    code: z
      .string()
      .regex(/^\d{1,12}$/)
      .optional(),
    found: z
      .string()
      .regex(/^\d{1,12}$/)
      .optional(),
  }),
  // What a sender tells later of a message. It names no recipient.
  z.strictObject({ orderId: z.string(), messageId: z.string(), notice: z.enum(NOTICES) }),
]);

/** Tells the buyer of an order what has happened to it. */
export const handler = queueFunction("send-messages", "send-messages", Message, deps, async (heard) => {
  if ("notice" in heard) return hearNotice(deps, heard);
  const { orderId } = heard;
  for (const message of await tellBuyer(deps, orderId, askedBy(heard))) {
    const { id: messageId, template, state, reason = "none" } = message;
    log("message_worked_on", { orderId, messageId, template, state, reason });
    // An address that isn't there is its buyer's mistake, and nothing that a person of ours could mend.
    if (state === "unsure" || (state === "refused" && message.unreachable !== true)) count("MessageFailed");
  }
  return undefined;
});

function askedBy({
  asked,
  found,
  code,
}: Partial<Record<"asked" | "found" | "code", string | undefined>>): Asked | undefined {
  if (found !== undefined) return { turn: "found", occasion: found };
  if (code !== undefined) return { turn: "code", occasion: code };
  return asked === undefined ? undefined : { turn: "link", occasion: asked };
}
