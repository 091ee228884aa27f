import { erasePersonalData } from "../../../shared/buyers/erase.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { buyerOf } from "../../../shared/limits/model.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { followEarlier, openCheckout } from "../../../shared/orders/checkout.ts";
import { paymentOf } from "../../../shared/orders/checkout-payments.ts";
import { listOrders } from "../../../shared/orders/list.ts";
import { beginPayment, payOrder } from "../../../shared/orders/pay.ts";
import { quoteLines } from "../../../shared/orders/quote.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { providersBy } from "../../providers.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";
import { showOrder, showQuote } from "./present.ts";

const { env, deps: given } = dependenciesOf(functions.storefrontOrders);
const deps = {
  ...given,
  ...providersBy(env),
  sqs: sqsClient(),
  paymentQueueUrl: env.PAYMENT_QUEUE_URL,
};
const recognise = recogniser(kmsClient(), env.RECOGNITION_KEY);

/** All of these answer without the goods: this function has no right to open them. */
export const handler = httpFunction(
  "storefront-orders",
  functions.storefrontOrders,
  { ...forChannels(deps) },
  {
    listOrders: async ({ query, after }, { channelId }) => {
      if (query.idempotencyKey !== undefined) {
        const order = await readOrder(deps, orderIdFor(channelId, query.idempotencyKey));
        return ok({ body: { data: order === undefined ? [] : [showOrder(order)] } });
      }
      const buyer = query.buyer === undefined ? undefined : buyerOf(await recognise(), channelId, query.buyer);
      const whose = buyer === undefined ? { channelId } : { buyer: buyer.name };
      const { orders, next } = await listOrders(deps, whose, query.limit, after);
      return ok({ body: { data: orders.map((order) => showOrder(order)) }, next });
    },

    getOrder: async ({ params: { orderId } }, { channelId }) => {
      const order = await readOrder(deps, orderId);
      // Another channel's order is as unknown as none at all.
      if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
      return ok({ body: showOrder(order, { payment: await paymentOf(deps, order) }) });
    },

    payOrder: async ({ params: { orderId }, body }, { channelId }) => {
      const paid = await (body.method === "balance"
        ? payOrder(deps, channelId, orderId)
        : beginPayment(deps, channelId, orderId, body));
      if (!paid.ok) return paid;
      // What can't be paid any more, or was begun before, is closed soon, and not only when it is due.
      await followEarlier(deps, paid.value);
      const opened = await openCheckout(deps, paid.value);
      return opened.ok ? ok({ body: showOrder(opened.value.order, opened.value) }) : opened;
    },

    cancelOrder: async ({ params: { orderId } }, { channelId }) => {
      const cancelled = await cancelOrder(deps, channelId, orderId);
      if (!cancelled.ok) return cancelled;
      await followEarlier(deps, cancelled.value);
      return ok({ body: showOrder(cancelled.value, { payment: await paymentOf(deps, cancelled.value) }) });
    },

    eraseContact: async ({ params: { orderId } }, { channelId }) => {
      const erased = await erasePersonalData(deps, orderId, channelId);
      return erased.ok ? ok({ body: showOrder(erased.value) }) : erased;
    },

    createQuote: async ({ body }, caller) => {
      const quoted = await quoteLines(deps, caller, body, deps.clock());
      return quoted.ok ? ok({ body: showQuote(quoted.value) }) : quoted;
    },
  },
);
