import { sendMessage } from "../../../shared/aws/send-message.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { generationOf, isRenewedBy, renewLink } from "../../../shared/orders/link.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { linkTokens } from "../../../shared/secrecy/link-tokens.ts";
import { dependenciesOf, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { env, deps } = dependenciesOf(functions.rotateLink);
const links = linkTokens(kmsClient(), env.LINK_KEY);
const sqs = sqsClient();

export const handler = httpFunction("rotate-link", functions.rotateLink, forRecordedOperators(deps), {
  rotateLink: async ({ params: { orderId }, idempotencyKey }) => {
    const order = await readOrder(deps, orderId);
    if (order === undefined) return refuse("not_found", "There is no such order.");
    const cause = `operator ${idempotencyKey}`;
    const link = generationOf(order);
    return acts({ before: { link }, after: { link: isRenewedBy(order, cause) ? link : link + 1 } }, async () => {
      const renewed = await renewLink(deps, await links(), { order, cause, now: deps.clock() });
      if (!renewed.ok) return renewed;
      const { contact, linkEnds = "" } = renewed.value;
      const asked = `link-${generationOf(renewed.value)}`;
      if (contact !== undefined) await sendMessage(sqs, env.MESSAGE_QUEUE_URL, JSON.stringify({ orderId, asked }));
      return ok({
        body: {
          id: orderId,
          link: generationOf(renewed.value),
          expiresAt: linkEnds,
          isWritten: contact !== undefined,
        },
      });
    });
  },
});
