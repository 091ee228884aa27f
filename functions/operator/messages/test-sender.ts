import { newId } from "../../../shared/kernel/ids.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { descriptionOf } from "../../../shared/messages/protocols.ts";
import { sendersBy } from "../../../shared/messages/reach.ts";
import { findSender } from "../../../shared/messages/senders.ts";
import { testMessage } from "../../../shared/messages/templates/preview.ts";
import { Contact } from "../../../shared/orders/contact.ts";
import { dependenciesOf, ssmClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.testSender);
const deps = { ...given, ssm: ssmClient(), senderSecretsPrefix: env.SENDER_SECRETS_PREFIX };

export const handler = httpFunction("test-sender", functions.testSender, forOperators(deps), {
  testSender: async ({ params: { name }, body: { to } }) => {
    const sender = await findSender(deps, name);
    if (sender === undefined) return refuse("not_found", "There is no such sender.");
    const { medium } = descriptionOf(sender.protocol);
    const said = Contact.safeParse(medium === "email" ? { email: to } : { phone: to });
    const address = medium === "email" ? said.data?.email : said.data?.phone;
    if (address === undefined)
      return refuse("invalid_request", "That is nowhere to send to.", [
        { pointer: "/to", message: said.error?.issues[0]?.message ?? "is required" },
      ]);
    return acts({ what: { protocol: sender.protocol, medium } }, async () => {
      const reached = await sendersBy(deps)(name);
      if (reached === undefined) return ok({ body: { outcome: "not_sent", reason: "settings_do_not_work" } });
      const outcome = await reached.send(testMessage(medium, newId("msg"), address));
      const reason = "reason" in outcome ? { reason: outcome.reason } : {};
      return ok({ body: { outcome: outcome.kind, ...reason } });
    });
  },
});
