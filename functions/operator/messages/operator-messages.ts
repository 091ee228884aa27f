import type * as z from "zod";
import { factsIn } from "../../../shared/audit/differences.ts";
import { findChannel } from "../../../shared/channels/keys.ts";
import { pick } from "../../../shared/kernel/pick.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { descriptionOf } from "../../../shared/messages/protocols.ts";
import { findChannelMessages } from "../../../shared/messages/read-settings.ts";
import { messagesOfOrder } from "../../../shared/messages/record.ts";
import { listSenders, setSender } from "../../../shared/messages/senders.ts";
import { setChannelMessages } from "../../../shared/messages/settings.ts";
import { previewOf } from "../../../shared/messages/templates/preview.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { dependenciesOf, ssmClient } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";
import type { Message } from "./shown.ts";

const { env, deps: given } = dependenciesOf(functions.operatorMessages);
const deps = { ...given, ssm: ssmClient(), senderSecretsPrefix: env.SENDER_SECRETS_PREFIX };

/** What operators see of a message. They see neither its recipient, not even as a hash, nor the id that its sender gave it. */
const SHOWN = [
  "id",
  "template",
  "medium",
  "sender",
  "state",
  "createdAt",
  "dueAt",
  "sentAt",
  "reason",
  "unreachable",
] as const satisfies (keyof z.infer<typeof Message>)[];

const saidNothing = () => refuse("not_found", "The channel has said nothing about messages.");

export const handler = httpFunction("operator-messages", functions.operatorMessages, forOperators(deps), {
  setSender: async ({ body }) => {
    const { credentials: _secret, settings, templates: _codes, countries, ...sender } = body;
    const { medium } = descriptionOf(sender.protocol);
    return acts(
      {
        what: {
          ...factsIn(sender),
          ...factsIn(settings),
          medium,
          ...(countries && { countries: countries.join(" ") }),
        },
      },
      async () => ok({ body: await setSender(deps, body) }),
    );
  },

  listSenders: async ({ query: { limit }, after }) => {
    const { senders, next } = await listSenders(deps, limit, after);
    return ok({ body: { data: senders }, next });
  },

  setChannelMessages: async ({ params: { channelId }, body }) => {
    if ((await findChannel(deps, channelId)) === undefined) return refuse("not_found", "There is no such channel.");
    const { turns, ...said } = body;
    return acts({ what: { ...factsIn(said), turns: turns.join(" ") } }, async () =>
      answer(await setChannelMessages(deps, channelId, body)),
    );
  },

  getChannelMessages: async ({ params: { channelId } }) => {
    const settings = await findChannelMessages(deps, channelId);
    return settings === undefined ? saidNothing() : ok({ body: settings });
  },

  previewMessage: async ({ params: { channelId, template }, query: { language } }) => {
    const settings = await findChannelMessages(deps, channelId);
    if (settings === undefined) return saidNothing();
    return ok({ body: previewOf(settings, template, language ?? settings.language) });
  },

  listMessages: async ({ params: { orderId } }) => {
    if ((await readOrder(deps, orderId)) === undefined) return refuse("not_found", "There is no such order.");
    const messages = await messagesOfOrder(deps, orderId);
    const byTime = messages.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    return ok({ body: { data: byTime.map((message) => pick(message, SHOWN)) } });
  },
});
