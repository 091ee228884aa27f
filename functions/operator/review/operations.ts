import * as z from "zod";
import { ORDERS_BY_TIME } from "../../../shared/orders/queues.ts";
import { BulkDecision, Decision, OrderRefund, ReviewFilter } from "../../../shared/review/decision.ts";
import { REASONS } from "../../../shared/review/reasons.ts";
import { ReviewSettingsChange } from "../../../shared/review/settings.ts";
import { listOf, Page } from "../../fields.ts";
import { decideReview as decide } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { OrderInside } from "../orders/shown.ts";
import { Decisions, ReviewDetails, ReviewItem, Settings } from "./shown.ts";

/** One command decides about one order, and about many. */
const DECIDES =
  "Decide about one order before a person, or with --all about all that the filters mean; exit code 4 when a second person must say the same";

const operatorReview = {
  listReviews: {
    method: "GET",
    path: "/admin/v1/reviews",
    pages: ORDERS_BY_TIME,
    summary: "Orders before a person, those that wait longest first, with what each decision would do",
    query: ReviewFilter.extend(Page.shape),
    command: {
      is: "reviews list",
      options: {
        reason: { about: "only reviews of this reason", usual: REASONS },
        supplierId: { about: "only lines that wait for this supplier" },
        productId: { about: "only lines of this product" },
        since: { about: "only what came in at or after this time" },
        before: { about: "only what came in before this time" },
      },
      columns: ["orderId", "channelId", "reason", "since", "total", "lineId", "proposal.action"],
    },
    answer: { status: 200, description: "A page of review items", schema: listOf(ReviewItem) },
    needs: {
      ordersTable: ["GetItem"],
      inReviewIndex: ["Query"],
      catalogTable: ["GetItem"],
      suppliers: ["GetItem"],
      settings: ["GetItem"],
    },
  },
  getReview: {
    method: "GET",
    path: "/admin/v1/reviews/{orderId}",
    summary: "One order before a person, with what was noted and decided so far",
    params: z.strictObject({ orderId: Id }),
    command: { is: "reviews show", argument: "orderId" },
    answer: { status: 200, description: "The review item and its trail", schema: ReviewDetails },
    refusals: ["not_found"],
    needs: { ordersTable: ["GetItem"], settings: ["GetItem"], auditTable: ["Query"] },
  },
  getReviewSettings: {
    method: "GET",
    path: "/admin/v1/settings/reviews",
    summary: "From which amounts two people decide, and how long nobody may",
    command: { is: "settings show" },
    answer: { status: 200, description: "The settings", schema: Settings },
    needs: { settings: ["GetItem"] },
  },
  changeReviewSettings: {
    method: "POST",
    path: "/admin/v1/settings/reviews",
    summary: "Change what is named, and nothing else; null takes it away, `reset` takes all away that is not named",
    body: ReviewSettingsChange,
    command: {
      is: "settings set",
      summary: "Change how reviews are decided: what is named, and nothing else",
      own: "amounts by currency are pairs, as in CNY=1000.00",
    },
    answer: { status: 200, description: "The settings", schema: Settings },
    refusals: ["changed_meanwhile"],
    needs: { settings: ["GetItem", "PutItem"] },
    audit: { action: "review_settings_changed", subject: "settings" },
  },
} as const satisfies Operations;

const decideReview = {
  decideReview: {
    method: "POST",
    path: "/admin/v1/reviews/{orderId}/decisions",
    summary: "Retry, replace, refund or note; 202 when a second person must decide the same",
    params: z.strictObject({ orderId: Id }),
    body: Decision,
    command: {
      is: "reviews decide",
      summary: DECIDES,
      argument: "orderId",
      own: "it asks with what the decision would do, and takes what belongs to the action alone",
    },
    answer: {
      status: 200,
      description: "The order",
      schema: OrderInside,
      or: { status: 202, description: "A second person must decide the same" },
    },
    refusals: [
      "not_found",
      "not_in_review",
      "line_unresolved",
      "line_settled",
      "second_person_required",
      "sold_out",
      "payment_disputed",
    ],
    needs: decide,
  },
  decideReviews: {
    method: "POST",
    path: "/admin/v1/reviews/decisions",
    pages: ORDERS_BY_TIME,
    summary: "Decide alike about a page of the reviews that a filter means; safe to repeat",
    body: BulkDecision,
    command: { is: "reviews decide", summary: DECIDES, own: "--all decides page after page" },
    answer: {
      status: 200,
      description: "What came of it for each order, and where the next page starts",
      schema: Decisions,
    },
    needs: { ...decide, inReviewIndex: ["Query"] },
  },
} as const satisfies Operations;

const refundOrder = {
  refundOrder: {
    method: "POST",
    path: "/admin/v1/orders/{orderId}/refunds",
    tag: "orders",
    idempotent: "by_itself",
    summary:
      "Give back all, lines, or pieces of a paid order, delivered or not; 202 when a second person must decide the same",
    description:
      "The money goes back to those who have paid, by the same ways. Codes that somebody has seen are void; others come back into stock. " +
      "A refund of a delivered order that takes two people waits among the reviews.",
    params: z.strictObject({ orderId: Id }),
    body: OrderRefund,
    command: {
      is: "orders refund",
      argument: "orderId",
      effect: "It gives money of {order} back; codes that somebody has seen are void for good.",
    },
    answer: {
      status: 200,
      description: "The order",
      schema: OrderInside,
      or: { status: 202, description: "A second person must decide the same" },
    },
    refusals: [
      "not_found",
      "not_refundable",
      "payment_disputed",
      "line_settled",
      "line_unresolved",
      "limit_reached",
      "second_person_required",
      "person_unknown",
      "idempotency_key_reused",
    ],
    needs: { ...decide, paymentQueue: ["SendMessage"] },
  },
} as const satisfies Operations;

/** What operators call about orders before a person, by the functions that answer. */
export const functions = { operatorReview, decideReview: { ...decideReview, ...refundOrder } } as const;
