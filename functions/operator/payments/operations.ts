import * as z from "zod";
import { placeAcross } from "../../../shared/channels/across.ts";
import { DEPOSITS_BY_TIME } from "../../../shared/payments/deposit-model.ts";
import { ProviderChange } from "../../../shared/payments/set-provider.ts";
import { DepositFilter } from "../../deposits.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { ChangedProvider, Deposit, Payment, PaymentProvider } from "./shown.ts";

const PaymentId = z.string().regex(/^pay_[0-9a-z]{26}$/, "must be a payment id");
const DepositId = z.string().regex(/^dep_[0-9a-z]{26}$/, "must be a deposit's id");
const RefundId = z
  .string()
  .regex(/^rfd_[0-9a-z]{26}$/, "must be a refund's id")
  .meta({ description: "The refund, as payments inspect names it." });
const SeenTo = z.strictObject({
  reason: z.string().trim().min(1).max(500).meta({ description: "Goes into the audit trail." }),
});
const OrderId = z.string().regex(/^ord_[0-9a-z]{20,26}$/, "must be an order id");

const operatorPayments = {
  setPaymentProvider: {
    method: "POST",
    path: "/admin/v1/payment-providers",
    summary:
      "Set a payment provider and hand over its credentials; of one that is set, what is named changes and nothing else",
    description:
      "A new provider needs a protocol, an address and credentials. `null` takes the notification address or the fees away. Credentials are " +
      "replaced as a whole, and fees as a list. `changes` says what was before and what is after.",
    body: ProviderChange,
    command: {
      is: "payment-providers set",
      options: {
        name: { about: "the name by which orders and its notifications speak of it" },
        baseUrl: { as: "url", about: "base URL of its API" },
        credentials: { about: "a JSON file with all its secrets, as the protocol's README names them" },
        notificationUrl: {
          about: "where its notifications come to: for alipay, wechat and simulated, who are told with each payment",
        },
        timeoutMs: { about: "milliseconds, for one call" },
        fees: { as: "fee", about: "what it keeps by its contract, as 0.6%,USD:2.9%+30" },
      },
    },
    answer: {
      status: 201,
      description: "The provider, without its credentials, and what has changed",
      schema: ChangedProvider,
      location: "/admin/v1/payment-providers",
    },
    refusals: ["changed_meanwhile"],
    needs: { providers: ["GetItem", "PutItem"], paymentSecrets: ["PutParameter"] },
    audit: { action: "payment_provider_set", subject: "{name}" },
  },
  listPaymentProviders: {
    method: "GET",
    path: "/admin/v1/payment-providers",
    pages: /^[a-z][a-z0-9-]{0,31}$/,
    summary: "All payment providers, by name",
    query: Page,
    command: { is: "payment-providers list", columns: ["name", "protocol", "baseUrl"] },
    answer: { status: 200, description: "A page of payment providers", schema: listOf(PaymentProvider) },
    needs: { providers: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  listPayments: {
    method: "GET",
    path: "/admin/v1/payments",
    summary: "Payments that wait for something or somebody, those that are due first; or all of one order",
    query: z.strictObject({
      orderId: OrderId.optional().meta({ description: "All payments of this order, the newest first." }),
      limit: Page.shape.limit,
    }),
    command: {
      is: "payments list",
      options: { orderId: { as: "order", about: "all payments of this order" } },
      columns: ["id", "purpose", "provider", "amount", "state", "returned", "dueAt"],
    },
    answer: {
      status: 200,
      description: "The payments",
      schema: z.object({ data: z.array(Payment) }),
    },
    refusals: ["not_found"],
    needs: { ordersTable: ["GetItem"], unfinishedIndex: ["Query"] },
  },
  getPayment: {
    method: "GET",
    path: "/admin/v1/payments/{paymentId}",
    summary: "One payment, with what was paid and what went back",
    params: z.strictObject({ paymentId: PaymentId }),
    command: { is: "payments inspect", argument: "paymentId" },
    answer: { status: 200, description: "The payment", schema: Payment },
    refusals: ["not_found"],
    needs: { ordersTable: ["GetItem"] },
  },
  requestPaymentLook: {
    method: "POST",
    path: "/admin/v1/payments/{paymentId}/looks",
    summary: "Have a payment's provider asked now, and done what is due",
    params: z.strictObject({ paymentId: PaymentId }),
    command: { is: "payments query", argument: "paymentId" },
    answer: { status: 202, description: "It will be asked", schema: z.object({ paymentId: z.string() }) },
    refusals: ["not_found"],
    needs: { ordersTable: ["GetItem"], paymentQueue: ["SendMessage"] },
    audit: { action: "payment_look_requested", subject: "{paymentId}" },
  },
  listDepositsOf: {
    method: "GET",
    path: "/admin/v1/deposits",
    pages: placeAcross(DEPOSITS_BY_TIME),
    summary:
      "Deposits that channels have begun at payment providers, by channel, state and time; a channel's newest first",
    description:
      "Without a channel: those of all channels, one after the other. A page may be short, even empty, and still have a `nextCursor`. What " +
      "operators pay in by hand stands in the channel's account alone.",
    query: Page.extend({
      channel: Id.optional().meta({ description: "The channel's id. Without it: all channels." }),
      ...DepositFilter,
    }),
    command: {
      is: "deposits list",
      columns: ["id", "channelId", "state", "amount", "payment.provider", "createdAt", "reference"],
    },
    answer: { status: 200, description: "A page of deposits", schema: listOf(Deposit) },
    needs: { ordersTable: ["GetItem"], byChannelIndex: ["Query"], identityTable: ["GetItem", "Query"] },
  },
  inspectDeposit: {
    method: "GET",
    path: "/admin/v1/deposits/{depositId}",
    summary: "One deposit that a channel has begun at a payment provider, with its payment",
    params: z.strictObject({ depositId: DepositId }),
    command: { is: "deposits show", argument: "depositId" },
    answer: { status: 200, description: "The deposit", schema: Deposit },
    refusals: ["not_found"],
    needs: { ordersTable: ["GetItem"] },
  },
  settleRefund: {
    method: "POST",
    path: "/admin/v1/payments/{paymentId}/refunds/{refundId}/settlements",
    summary: "Book that a refund which its provider can't make was paid in another way",
    params: z.strictObject({ paymentId: PaymentId, refundId: RefundId }),
    body: SeenTo,
    command: {
      is: "payments settle-refund",
      argument: "paymentId",
      options: { refundId: { as: "refund" } },
      effect:
        "It books that you have paid --refund {refund} from our own cash; the provider is not asked for it again.",
    },
    answer: { status: 200, description: "The payment", schema: Payment },
    refusals: ["not_found", "not_refundable"],
    needs: { ordersTable: ["GetItem", "UpdateItem", "PutItem"], ledgerTable: ["PutItem"] },
    audit: { action: "refund_paid_elsewhere", subject: "{subject}" },
  },
  retryRefund: {
    method: "POST",
    path: "/admin/v1/payments/{paymentId}/refunds/{refundId}/retries",
    summary: "Ask a provider again for a refund that it has refused",
    params: z.strictObject({ paymentId: PaymentId, refundId: RefundId }),
    body: SeenTo,
    command: { is: "payments retry-refund", argument: "paymentId", options: { refundId: { as: "refund" } } },
    answer: { status: 200, description: "The payment", schema: Payment },
    refusals: ["not_found", "not_refundable"],
    needs: {
      ordersTable: ["GetItem", "UpdateItem", "PutItem"],
      paymentQueue: ["SendMessage"],
    },
    audit: { action: "refund_retried", subject: "{subject}" },
  },
} as const satisfies Operations;

/** What operators call about payments, by the functions that answer. */
export const functions = { operatorPayments } as const;
