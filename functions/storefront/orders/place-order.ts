import type { Slot, Ticket } from "../../../shared/inventory/model.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { openCheckout } from "../../../shared/orders/checkout.ts";
import { CONTACT_CONTEXT } from "../../../shared/orders/contact.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import { RECIPIENT_CONTEXT } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { linkTokens } from "../../../shared/secrecy/link-tokens.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { fieldSealer, sealer } from "../../../shared/secrecy/sealer.ts";
import { deliveryUrlOf } from "../../delivery-url.ts";
import { providersBy } from "../../providers.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";
import { showOrder } from "./present.ts";

const { env, deps: given } = dependenciesOf(functions.placeOrder);
const kms = kmsClient();
const deps = {
  ...given,
  kms,
  codesKey: env.CODES_KEY,
  sealRecipient: sealer({ kms, keyId: env.PERSONAL_KEY, context: RECIPIENT_CONTEXT }),
  sealContact: fieldSealer({ kms, keyId: env.PERSONAL_KEY, context: CONTACT_CONTEXT }),
  recognise: recogniser(kms, env.RECOGNITION_KEY),
  ...providersBy(env),
};

const links = linkTokens(kms, env.LINK_KEY);

export const handler = httpFunction(
  "place-order",
  functions.placeOrder,
  { ...forChannels(deps) },
  {
    placeOrder: async ({ body, idempotencyKey, requestId, sourceIp }, user) => {
      const { channelId, keyId, scopes, tiers } = user;
      const mayReveal = scopes.includes("codes:reveal");
      let sold: ReadonlyMap<Ticket, Slot> | undefined;
      const onSold = (slots: ReadonlyMap<Ticket, Slot>): void => {
        sold = slots;
      };
      const finder = mayReveal ? { reveal: { by: keyId, from: sourceIp, requestId }, onSold } : {};
      // A buyer who is written to gets a link by that. Who has it can see the codes, so only some keys are told it.
      const isTold = scopes.includes("links:write");
      const token = isTold || body.contact !== undefined ? await links() : undefined;
      const placed = await placeOrder(deps, channelId, idempotencyKey, body, finder, { linkToken: token, tiers, user });
      if (!placed.ok) return placed;
      const opened = await openCheckout(deps, placed.value);
      if (!opened.ok) return opened;
      const { order, payment } = opened.value;
      const deliveryUrl = isTold && token !== undefined ? deliveryUrlOf(token, order, deps.clock()) : undefined;
      if (!mayReveal) return ok({ body: showOrder(order, { payment, deliveryUrl }) });
      const goods = await revealGoods(deps, order, { keyId, sourceIp, requestId }, sold);
      return ok({ body: showOrder(order, { payment, deliveryUrl, goods: goods.ok ? goods.value : undefined }) });
    },
  },
);
