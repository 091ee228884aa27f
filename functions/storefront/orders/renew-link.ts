import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { renewLink } from "../../../shared/orders/link.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { linkTokens } from "../../../shared/secrecy/link-tokens.ts";
import { deliveryUrlOf } from "../../delivery-url.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";

const { env, deps } = dependenciesOf(functions.renewLink);
const links = linkTokens(kmsClient(), env.LINK_KEY);

export const handler = httpFunction(
  "renew-link",
  functions.renewLink,
  { ...forChannels(deps) },
  {
    renewLink: async ({ params: { orderId }, idempotencyKey }, { channelId }) => {
      const order = await readOrder(deps, orderId);
      if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
      const token = await links();
      const now = deps.clock();
      const renewed = await renewLink(deps, token, { order, cause: `channel ${idempotencyKey}`, now });
      if (!renewed.ok) return renewed;
      const deliveryUrl = deliveryUrlOf(token, renewed.value, now);
      // A request that is repeated after its link has ended makes no other.
      if (deliveryUrl === undefined) return refuse("not_found", "The link has ended; ask for one under another key.");
      return ok({ body: { deliveryUrl, expiresAt: renewed.value.linkEnds ?? "" } });
    },
  },
);
