import * as z from "zod";

// Stripe's wire, as far as we read it. Members that are not named here are none of our business.

const Id = z.string().min(1).max(255);
/** Seconds since 1970. */
const Time = z.int().min(0);
const Metadata = z.record(z.string(), z.string());
const listOf = <T extends z.ZodType>(schema: T) => z.object({ has_more: z.boolean(), data: z.array(schema) });

export const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

const intentSchema = z.object({
  id: Id,
  status: z.string(),
  latest_charge: z.union([Id, z.object({ id: Id, created: Time })]).nullish(),
});

export const sessionSchema = z.object({
  id: Id,
  object: z.literal("checkout.session"),
  client_reference_id: z.string().nullable(),
  amount_total: z.int().nullable(),
  currency: z.string().nullable(),
  created: Time,
  status: z.enum(["open", "complete", "expired"]),
  payment_status: z.enum(["paid", "unpaid", "no_payment_required"]),
  payment_intent: z.union([Id, intentSchema]).nullable(),
});
export type Session = z.infer<typeof sessionSchema>;
export const sessionList = listOf(sessionSchema.pick({ id: true, client_reference_id: true }));

export const refundSchema = z.object({
  id: Id,
  object: z.literal("refund"),
  created: Time,
  status: z.enum(["pending", "requires_action", "succeeded", "failed", "canceled"]),
  pending_reason: z.string().exactOptional(),
  metadata: Metadata.nullable(),
});
export type StripeRefund = z.infer<typeof refundSchema>;
export const refundList = listOf(refundSchema);

const transactionSchema = z.object({ amount: z.int(), fee: z.int(), currency: z.string() });

export const disputeSchema = z.object({
  id: Id,
  object: z.literal("dispute"),
  amount: z.int(),
  currency: z.string(),
  created: Time,
  reason: z.string(),
  status: z.enum([
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "won",
    "lost",
    "prevented",
  ]),
  payment_intent: z.union([Id, z.object({ metadata: Metadata })]).nullish(),
  /** None, what was withdrawn, and what was reinstated; in the currency of our balance. */
  balance_transactions: z.array(transactionSchema),
  /** `due_by`: 0 if no answer is allowed. */
  evidence_details: z.object({ due_by: Time.nullish(), submission_count: z.int() }),
});
export type StripeDispute = z.infer<typeof disputeSchema>;
export const disputeList = listOf(z.object({ id: Id }));

/** What a movement is about, as far as it has our names: a charge, a refund, a dispute or anything else. */
const sourceSchema = z.object({ id: Id, metadata: Metadata.nullish() });
export const statementPage = listOf(
  transactionSchema.extend({
    id: Id,
    created: Time,
    source: z.union([Id, sourceSchema]).nullable(),
    reporting_category: z.string(),
  }),
);
export type Transaction = z.infer<typeof statementPage>["data"][number];
