import * as z from "zod";
import { Scope } from "../../shared/channels/keys.ts";
import { deadLetterQueues } from "../../shared/dead-letters/catalogue.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { Money } from "../../shared/kernel/money.ts";
import { BulkDecision, Decision, ReviewFilter } from "../../shared/review/decision.ts";
import { ReviewSettingsChange } from "../../shared/review/settings.ts";
import { LayoutText } from "../../shared/stock-files/layout.ts";
import { NewSupplier } from "../../shared/suppliers/settings.ts";
import type { Operation } from "../runtime/operation.ts";
import { catalogueOperations } from "./catalogue-operations.ts";
import { importOperations } from "./import-operations.ts";
import { stockOperations } from "./stock-operations.ts";
import { tableOperations } from "./table-operations.ts";

const Id = z.string().max(40);
const Anything = z.looseObject({});

/** What operators call, with IAM credentials. A key is the name of the function that answers. */
export const operations = {
  ...catalogueOperations,
  ...importOperations,
  importStock: {
    method: "POST",
    path: "/admin/v1/products/{productId}/stock-imports",
    summary: "Import codes from a CSV file: number (optional), secret, expiresAt (optional); or as its `layout` says",
    params: z.strictObject({ productId: Id }),
    query: z.strictObject({ dryRun: z.enum(["true", "false"]).default("false"), layout: LayoutText.optional() }),
    text: { contentType: "text/csv", limit: LIMITS.importBytes },
    answer: { status: 200, description: "What was imported and what was refused, by line", schema: Anything },
    refusals: ["not_found", "wrong_kind", "too_scattered"],
  },
  ...stockOperations,
  ...tableOperations,
  createSupplier: {
    method: "POST",
    path: "/admin/v1/suppliers",
    summary: "Name a supplier and hand over its credentials",
    idempotent: "by_itself",
    body: NewSupplier,
    answer: { status: 201, description: "The supplier, without its credentials", schema: Anything },
  },
  createChannel: {
    method: "POST",
    path: "/admin/v1/channels",
    summary: "Create a channel; its API key is told this once",
    idempotent: "remembered",
    body: z.strictObject({ name: z.string().trim().min(1).max(100) }),
    answer: { status: 201, description: "The channel and its key", schema: Anything },
  },
  createKey: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/keys",
    summary: "Make another API key; it is told this once",
    idempotent: "remembered",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({ scopes: z.array(Scope).min(1).max(Scope.options.length) }),
    answer: { status: 201, description: "The key", schema: Anything },
    refusals: ["not_found"],
  },
  revokeKey: {
    method: "DELETE",
    path: "/admin/v1/channels/{channelId}/keys/{keyId}",
    summary: "Revoke an API key; five seconds later it opens nothing",
    params: z.strictObject({ channelId: Id, keyId: Id }),
    answer: { status: 200, description: "The key's id", schema: Anything },
    refusals: ["not_found"],
  },
  deposit: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/deposits",
    summary: "Pay money in, once for each reference",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({
      money: Money.refine((money) => money.amount > 0, "a deposit is more than nothing"),
      reference: z.string().regex(/^[\w.:/-]{1,100}$/, "may have letters, digits and . : / - _"),
    }),
    answer: { status: 200, description: "The account", schema: Anything },
    refusals: ["not_found", "idempotency_key_reused"],
  },
  setLanes: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/lanes",
    summary: "Cut a busy channel's account into lanes, some fifty sales a second each; they never become fewer",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({ currency: Money.shape.currency, lanes: z.int().min(1).max(LIMITS.accountLanes) }),
    answer: { status: 200, description: "How many lanes the account has", schema: Anything },
    refusals: ["not_found", "invalid_request"],
  },
  inspectOrder: {
    method: "GET",
    path: "/admin/v1/orders/{orderId}",
    summary: "An order's whole life: order, workflow, supplier, money, audit",
    params: z.strictObject({ orderId: Id }),
    answer: { status: 200, description: "The timeline", schema: Anything },
    refusals: ["not_found"],
  },
  listReviews: {
    method: "GET",
    path: "/admin/v1/reviews",
    summary: "Orders before a person, those that wait longest first, with what each decision would do",
    query: ReviewFilter.extend({
      limit: z.coerce.number().int().min(1).max(LIMITS.largestPage).default(LIMITS.pageSize),
      cursor: z.string().max(1000).optional(),
    }),
    answer: { status: 200, description: "A page of review items", schema: Anything },
  },
  decideReview: {
    method: "POST",
    path: "/admin/v1/reviews/{orderId}/decisions",
    summary: "Retry, replace, refund or note; 202 when a second person must decide the same",
    params: z.strictObject({ orderId: Id }),
    body: Decision,
    answer: { status: 200, description: "The order", schema: Anything },
    refusals: ["not_found", "not_in_review", "line_unresolved", "line_settled", "second_person_required", "sold_out"],
  },
  decideReviews: {
    method: "POST",
    path: "/admin/v1/reviews/decisions",
    summary: "Decide alike about a page of the reviews that a filter means; safe to repeat",
    body: BulkDecision,
    answer: {
      status: 200,
      description: "What came of it for each order, and where the next page starts",
      schema: Anything,
    },
  },
  getReview: {
    method: "GET",
    path: "/admin/v1/reviews/{orderId}",
    summary: "One order before a person, with what was noted and decided so far",
    params: z.strictObject({ orderId: Id }),
    answer: { status: 200, description: "The review item and its trail", schema: Anything },
    refusals: ["not_found"],
  },
  listDeadLetters: {
    method: "GET",
    path: "/admin/v1/dead-letters",
    summary: "What could not be processed, with the reason: a sample of each queue",
    query: z.strictObject({ queue: z.enum(deadLetterQueues).optional() }),
    answer: { status: 200, description: "The letters", schema: Anything },
  },
  replayDeadLetters: {
    method: "POST",
    path: "/admin/v1/dead-letters/{queue}/replays",
    summary: "Do again what dead letters were about, and delete those that it was done for; safe to repeat",
    params: z.strictObject({ queue: z.enum(deadLetterQueues) }),
    body: z.strictObject({ max: z.int().min(1).max(LIMITS.lettersPerReplay).default(LIMITS.lettersPerReplay) }),
    answer: { status: 200, description: "What came of each", schema: Anything },
  },
  getReviewSettings: {
    method: "GET",
    path: "/admin/v1/settings/reviews",
    summary: "From which amounts two people decide, and how long nobody may",
    answer: { status: 200, description: "The settings", schema: Anything },
  },
  changeReviewSettings: {
    method: "POST",
    path: "/admin/v1/settings/reviews",
    summary: "Change what is named, and nothing else; null takes it away, `reset` takes all away that is not named",
    body: ReviewSettingsChange,
    answer: { status: 200, description: "The settings", schema: Anything },
    refusals: ["changed_meanwhile"],
  },
} as const satisfies Record<string, Operation>;
