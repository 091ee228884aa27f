import * as z from "zod";
import { LIMITS } from "../kernel/limits.ts";

/** The reason; it goes into the audit trail. */
const Reason = z.string().trim().min(1).max(500);
const LineId = z.string().regex(/^[1-9]\d?$/, "must be a line's id");
const ProductId = z.string().regex(/^prod_[0-9a-z]{20,26}$/, "must be a product id");

/**
 * Decides although the supplier gave no definite answer: the operator has one from elsewhere, or accepts that the goods
 * may still arrive.
 */
const EvenIfUnresolved = z.boolean().default(false);

/**
 * What the buyer gets instead: a code from stock, another product, or the same or another one from a named supplier.
 */
export const Replacement = z.discriminatedUnion("from", [
  z.strictObject({ from: z.literal("stock"), productId: ProductId.optional() }),
  z.strictObject({ from: z.literal("product"), productId: ProductId }),
  z.strictObject({
    from: z.literal("supplier"),
    supplierId: z.string().regex(/^sup_[0-9a-z]{20,26}$/, "must be a supplier id"),
    supplierProductId: z.string().min(1).max(100),
    productId: ProductId.optional(),
  }),
]);
export type Replacement = z.infer<typeof Replacement>;

const Retry = z.strictObject({ action: z.literal("retry"), reason: Reason });
const Replace = z.strictObject({
  action: z.literal("replace"),
  reason: Reason,
  lineId: LineId,
  with: Replacement,
  evenIfUnresolved: EvenIfUnresolved,
});
const Refund = z.strictObject({
  action: z.literal("refund"),
  reason: Reason,
  /** These lines; if absent, all that were not delivered. */
  lines: z.array(LineId).min(1).max(10).optional(),
  evenIfUnresolved: EvenIfUnresolved,
});
const Note = z.strictObject({ action: z.literal("note"), reason: Reason });
const Reject = z.strictObject({ action: z.literal("reject"), reason: Reason });

/** What a person may decide about an order in review. A note moves nothing; to reject is to end what somebody has proposed. */
export const Decision = z.discriminatedUnion("action", [Retry, Replace, Refund, Note, Reject]);
export type Decision = z.infer<typeof Decision>;
export type Move = Exclude<Decision, { action: "note" | "reject" }>;
export type RefundDecision = z.infer<typeof Refund>;
export type ReplaceDecision = z.infer<typeof Replace>;

/** What an operator gives back of a paid order, delivered or not. */
export const OrderRefund = z.strictObject({
  lines: z
    .array(LineId)
    .min(1)
    .max(99)
    .optional()
    .meta({ description: "Only these lines; without them, all that is left of the order." }),
  pieces: z
    .int()
    .min(1)
    .max(LIMITS.codesPerLargeOrder)
    .optional()
    .meta({ description: "Only so many pieces, of one line that was delivered: the last of those that are left." }),
  reason: Reason.meta({ description: "Goes into the audit trail." }),
  evenIfUnresolved: EvenIfUnresolved.meta({
    description: "Also what a supplier may still deliver: the goods may arrive all the same.",
  }),
});
export type OrderRefund = z.infer<typeof OrderRefund>;

/**
 * Which reviews a decision is about. `before` leaves out those that came into the queue after the series of pages
 * began.
 */
export const ReviewFilter = z.strictObject({
  reason: z.string().min(1).max(100).optional(),
  supplierId: z.string().max(40).optional(),
  productId: ProductId.optional(),
  since: z.iso.datetime().optional(),
  before: z.iso.datetime().optional(),
});
export type ReviewFilter = z.infer<typeof ReviewFilter>;

const series = { reason: Reason, cursor: z.string().max(1000).optional() };

/**
 * One decision for many orders, for example: the supplier is back, retry these four hundred. A replacement is for the
 * lines of one product, because what suits one buyer's line may not suit the next; of each order it is the first line
 * that waits.
 */
export const BulkDecision = z.discriminatedUnion("action", [
  z.strictObject({ ...series, action: z.enum(["retry", "refund", "note"]), filter: ReviewFilter }),
  z.strictObject({
    ...series,
    action: z.literal("replace"),
    filter: ReviewFilter.extend({ productId: ProductId }),
    with: Replacement,
  }),
]);
export type BulkDecision = z.infer<typeof BulkDecision>;
