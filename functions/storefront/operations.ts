import * as z from "zod";
import { Availability, ProductKind } from "../../shared/catalog/model.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { Money } from "../../shared/kernel/money.ts";
import { NewOrder } from "../../shared/orders/request.ts";
import type { Operation } from "../runtime/operation.ts";

const Time = z.iso.datetime().meta({ description: "RFC 3339, UTC." });

const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIMITS.largestPage).default(LIMITS.pageSize),
  cursor: z.string().max(500).optional().meta({ description: "The `nextCursor` of the page before." }),
});

const listOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), nextCursor: z.string().nullable() });

export const Product = z
  .object({
    id: z.string(),
    kind: ProductKind,
    name: z.string(),
    price: Money,
    availability: Availability,
    asOf: Time.optional().meta({ description: "How old the suppliers' word is that the availability rests on." }),
  })
  .meta({ id: "Product" });

export const Deliverable = z
  .object({
    codeId: z.string(),
    number: z.string().optional(),
    secret: z.string(),
    expiresAt: Time.optional().meta({ description: "Until when it can be redeemed. Absent: it does not expire." }),
  })
  .meta({ id: "Deliverable", description: "One code, in the clear." });

const LineState = z.enum(["fulfilling", "review", "fulfilled", "refunding", "refunded", "cancelled"]);

export const OrderLine = z
  .object({
    id: z.string(),
    productId: z.string(),
    productVersion: z.int().meta({ description: "The immutable version that was bought." }),
    name: z.string(),
    kind: ProductKind,
    quantity: z.int(),
    requested: z.int().optional().meta({ description: "How many were asked for, where there are fewer." }),
    unitPrice: Money,
    state: LineState,
    deliverables: z.array(Deliverable).optional(),
  })
  .meta({ id: "OrderLine" });

export const OrderState = z.enum([
  "awaiting_payment",
  "expired",
  "fulfilling",
  "review",
  "fulfilled",
  "partly_fulfilled",
  "cancelled",
  "refunding",
  "refunded",
]);

export const Order = z
  .object({
    id: z.string(),
    state: OrderState,
    placedAt: Time,
    total: Money,
    refunded: Money,
    expiresAt: Time.optional().meta({ description: "Until when it can be paid, while it waits for that." }),
    reference: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    lines: z.array(OrderLine),
  })
  .meta({ id: "Order" });

const Movement = z
  .object({
    name: z.string().meta({ description: "What caused it; one cause is one movement." }),
    kind: z.enum(["deposit", "sale", "refund"]),
    amount: z.int().meta({ description: "Minor units; negative when money left the account." }),
    at: Time,
  })
  .meta({ id: "Movement" });

export const Account = z
  .object({
    channelId: z.string(),
    balances: z.array(
      z.object({
        available: Money.meta({ description: "What an order may cost now." }),
        pending: Money.meta({ description: "Taken for orders and not yet booked." }),
        credit: Money,
        movements: z.array(Movement).meta({ description: "The newest twenty." }),
      }),
    ),
  })
  .meta({ id: "Account" });

const GoodsFile = z
  .object({
    url: z.string().meta({ description: "The file: a line of JSON for each piece, as in a page of goods, encrypted." }),
    expiresAt: Time,
    pieces: z.int(),
    unreadable: z
      .int()
      .meta({ description: "So many more are named in the file, by `codeId`, and nobody can open them." }),
  })
  .meta({ id: "GoodsFile" });

const OrderId = z.strictObject({ orderId: z.string().max(40) });

/** Everything a channel may call. A key is the name of the function that answers. */
export const operations = {
  listProducts: {
    method: "GET",
    path: "/v1/products",
    summary: "What this channel may sell, at its price",
    scope: "catalog:read",
    query: Page,
    answer: { status: 200, description: "A page of products", schema: listOf(Product) },
  },
  getProduct: {
    method: "GET",
    path: "/v1/products/{productId}",
    summary: "One product",
    scope: "catalog:read",
    params: z.strictObject({ productId: z.string().max(40) }),
    answer: { status: 200, description: "The product", schema: Product },
    refusals: ["not_found"],
  },
  placeOrder: {
    method: "POST",
    path: "/v1/orders",
    summary: "Buy; goods in stock come in the answer, those of more than 50 pieces at the order's deliverables",
    scope: "orders:write",
    idempotent: "by_itself",
    body: NewOrder,
    answer: { status: 201, description: "The order; the same key and body get the same order", schema: Order },
    refusals: [
      "sold_out",
      "too_scattered",
      "limit_reached",
      "insufficient_funds",
      "price_changed",
      "unknown_product",
      "mixed_currencies",
      "recipient_required",
      "idempotency_key_reused",
    ],
  },
  payOrder: {
    method: "POST",
    path: "/v1/orders/{orderId}/payments",
    summary: "Pay for an order that was placed to be paid later; its goods are then at its deliverables",
    scope: "orders:write",
    idempotent: "by_itself",
    params: OrderId,
    body: z.strictObject({ method: z.literal("balance") }),
    answer: { status: 200, description: "The order; paying again finds it paid", schema: Order },
    refusals: ["not_found", "insufficient_funds", "order_expired", "not_payable", "sold_out"],
  },
  listOrders: {
    method: "GET",
    path: "/v1/orders",
    summary: "This channel's orders, newest first; or the one that an idempotency key has placed",
    scope: "orders:read",
    query: Page.extend({
      idempotencyKey: z
        .string()
        .min(1)
        .max(LIMITS.idempotencyKeyLength)
        .optional()
        .meta({ description: "After a time-out: did that order arrive? Strongly consistent; none or one." }),
    }),
    answer: { status: 200, description: "A page of orders", schema: listOf(Order) },
  },
  getOrder: {
    method: "GET",
    path: "/v1/orders/{orderId}",
    summary: "One order, without its goods",
    scope: "orders:read",
    params: OrderId,
    answer: { status: 200, description: "The order", schema: Order },
    refusals: ["not_found"],
  },
  getDeliverables: {
    method: "GET",
    path: "/v1/orders/{orderId}/deliverables",
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
    refusals: ["not_found"],
  },
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
    refusals: ["not_found"],
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
  },
  getAccount: {
    method: "GET",
    path: "/v1/account",
    summary: "Balance, credit and the newest movements",
    scope: "account:read",
    answer: { status: 200, description: "The account", schema: Account },
  },
  getOpenapi: {
    method: "GET",
    path: "/v1/openapi.json",
    summary: "This document",
    answer: { status: 200, description: "OpenAPI 3.1", schema: z.looseObject({}) },
  },
} as const satisfies Record<string, Operation>;
