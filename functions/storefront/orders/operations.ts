import * as z from "zod";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { ORDERS_BY_TIME } from "../../../shared/orders/queues.ts";
import { Buyer, NewOrder, NewQuote } from "../../../shared/orders/request.ts";
import { ByCheckout } from "../../../shared/payments/by-checkout.ts";
import { listOf, Page } from "../../fields.ts";
import { advanceOrder, handOver, moveMoney, read, readMarket, renewLinks } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Deliverable, DeliveryLink, GoodsFile, Order, Quote } from "./shown.ts";

const OrderId = z.strictObject({ orderId: z.string().max(40) });

const placeOrder = {
  placeOrder: {
    method: "POST",
    path: "/v1/orders",
    summary: "Buy; goods in stock come in the answer, those of more than 50 pieces at the order's deliverables",
    scope: "orders:write",
    idempotent: "by_itself",
    body: NewOrder,
    answer: {
      status: 201,
      description: "The order; the same key and body get the same order",
      schema: Order,
      location: "/v1/orders/{id}",
    },
    refusals: [
      "sold_out",
      "too_scattered",
      "limit_reached",
      "quota_reached",
      "insufficient_funds",
      "payment_refused",
      "price_changed",
      "unknown_product",
      "mixed_currencies",
      "recipient_required",
      "idempotency_key_reused",
    ],
    needs: {
      ...advanceOrder,
      ordersTable: ["GetItem", "BatchGetItem", "PutItem", "UpdateItem"],
      ledgerTable: [...moveMoney, "BatchGetItem"],
      catalogTable: read,
      ...readMarket,
      usage: ["UpdateItem"],
      auditTable: ["PutItem"],
      codesKey: ["Decrypt"],
      personalKey: ["GenerateDataKey"],
      recognitionKey: ["GenerateMac"],
      linkKey: ["GenerateMac"],
      providers: ["GetItem"],
      paymentSecrets: ["GetParameter"],
    },
  },
} as const satisfies Operations;

const getDeliverables = {
  getDeliverables: {
    method: "GET",
    path: "/v1/orders/{orderId}/deliverables",
    pages: /^\d{1,6}$/,
    summary: "The goods; every call is recorded",
    scope: "codes:reveal",
    params: OrderId,
    query: Page.extend({
      limit: z.coerce.number().int().min(1).max(LIMITS.largestGoodsPage).default(LIMITS.pageSize),
    }),
    answer: {
      status: 200,
      description: "A page of goods; there are more while `nextCursor` is not null",
      schema: listOf(Deliverable.extend({ lineId: z.string() })).extend({
        unreadable: z.array(z.object({ lineId: z.string(), codeId: z.string() })).meta({
          description: "Codes of this page that nobody can open, for they were sealed wrongly before they came to us.",
        }),
      }),
    },
    refusals: ["not_found", "payment_disputed", "quota_reached"],
    needs: { ...handOver, usage: ["UpdateItem"] },
  },
} as const satisfies Operations;

const exportDeliverables = {
  exportDeliverables: {
    method: "POST",
    path: "/v1/orders/{orderId}/deliverables/file",
    summary: "All the goods in one file, encrypted to a key of yours, by a link that expires; every call is recorded",
    scope: "codes:reveal",
    idempotent: "remembered",
    params: OrderId,
    body: z.strictObject({
      recipient: z.string().max(3_000).startsWith("age1", "must be an age recipient: age1…").meta({
        description: "Your public key, as `age-keygen` prints it. See age-encryption.org/v1.",
      }),
    }),
    answer: { status: 200, description: "Where the file is, and until when", schema: GoodsFile },
    refusals: ["not_found", "payment_disputed", "quota_reached"],
    needs: { ...handOver, usage: ["UpdateItem"], goodsFiles: ["GetObject", "PutObject"] },
  },
} as const satisfies Operations;

const renewLink = {
  renewLink: {
    method: "POST",
    path: "/v1/orders/{orderId}/delivery-links",
    summary: "Make another link to the buyer's page of an order, and end the one before",
    scope: "links:write",
    idempotent: "by_itself",
    params: OrderId,
    answer: {
      status: 201,
      description: "The link that is good now; the repeat of a request gives the same",
      schema: DeliveryLink,
    },
    refusals: ["not_found", "limit_reached"],
    needs: { ...renewLinks, identityTable: ["GetItem"] },
  },
} as const satisfies Operations;

const storefrontOrders = {
  listOrders: {
    method: "GET",
    path: "/v1/orders",
    pages: ORDERS_BY_TIME,
    summary:
      "This channel's orders, newest first: all, those of a buyer, or the one that an idempotency key has placed",
    scope: "orders:read",
    query: Page.extend({
      idempotencyKey: z
        .string()
        .min(1)
        .max(LIMITS.idempotencyKeyLength)
        .optional()
        .meta({ description: "After a time-out: did that order arrive? Strongly consistent; none or one." }),
      buyer: Buyer.optional().meta({
        description: "Only the orders of this buyer, by your own name for them. Orders of earlier versions name none.",
      }),
    }).refine((query) => query.buyer === undefined || query.idempotencyKey === undefined, {
      path: ["buyer"],
      message: "can't be asked for together with an idempotency key",
    }),
    answer: { status: 200, description: "A page of orders", schema: listOf(Order) },
    needs: {
      ordersTable: ["GetItem"],
      byChannelIndex: ["Query"],
      byBuyerIndex: ["Query"],
      recognitionKey: ["GenerateMac"],
    },
  },
  getOrder: {
    method: "GET",
    path: "/v1/orders/{orderId}",
    summary: "One order, without its goods",
    scope: "orders:read",
    params: OrderId,
    answer: { status: 200, description: "The order", schema: Order },
    refusals: ["not_found"],
    needs: { ordersTable: ["GetItem"] },
  },
  payOrder: {
    method: "POST",
    path: "/v1/orders/{orderId}/payments",
    summary: "Pay for an order that waits for payment; its goods are then at its deliverables",
    description:
      "From the balance it is paid at once. By `checkout` another payment is begun at a payment provider, and those before it are closed; " +
      "the first one that is paid counts, and every other one is given back.",
    scope: "orders:write",
    idempotent: "by_itself",
    params: OrderId,
    body: z.discriminatedUnion("method", [z.strictObject({ method: z.literal("balance") }), ByCheckout]),
    answer: { status: 200, description: "The order; paying again finds it paid", schema: Order },
    refusals: [
      "not_found",
      "insufficient_funds",
      "payment_refused",
      "order_expired",
      "not_payable",
      "sold_out",
      "limit_reached",
    ],
    needs: {
      ...advanceOrder,
      ordersTable: ["GetItem", "PutItem", "UpdateItem"],
      providers: ["GetItem"],
      paymentSecrets: ["GetParameter"],
      paymentQueue: ["SendMessage"],
    },
  },
  cancelOrder: {
    method: "POST",
    path: "/v1/orders/{orderId}/cancel",
    summary: "Take an order back whose goods nobody has seen and no supplier has been asked for",
    scope: "orders:write",
    idempotent: "by_itself",
    params: OrderId,
    answer: { status: 200, description: "The order", schema: Order },
    refusals: ["not_found", "not_cancellable"],
    needs: { ...advanceOrder, paymentQueue: ["SendMessage"] },
  },
  eraseContact: {
    method: "DELETE",
    path: "/v1/orders/{orderId}/contact",
    summary: "Erase how the buyer of an order can be reached; the order goes on as it was",
    scope: "orders:write",
    params: OrderId,
    answer: { status: 200, description: "The order; erasing again finds nothing to erase", schema: Order },
    refusals: ["not_found", "case_open"],
    needs: { ordersTable: ["GetItem", "UpdateItem"], erasures: ["PutItem"] },
  },
  createQuote: {
    method: "POST",
    path: "/v1/quotes",
    summary: "What lines would cost now, with everything that is taken off; nothing is changed or kept",
    scope: "catalog:read",
    body: NewQuote,
    answer: { status: 200, description: "The price, as an order of this moment would have it", schema: Quote },
    refusals: ["unknown_product", "mixed_currencies"],
    needs: { catalogTable: read },
  },
} as const satisfies Operations;

/** What channels call about orders and their deliverables, by the functions that answer. */
export const functions = { placeOrder, getDeliverables, exportDeliverables, renewLink, storefrontOrders } as const;
