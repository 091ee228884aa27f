import * as z from "zod";

/** What a person may decide about an order in review, and why: the reason goes into the audit trail. */
export const Decision = z.strictObject({
  action: z.enum(["retry", "refund"]),
  reason: z.string().trim().min(1).max(500),
  /**
   * Refund although the supplier gave no definite answer: the operator has it from elsewhere, or accepts that the goods
   * may still arrive.
   */
  evenIfUnresolved: z.boolean().default(false),
});
export type Decision = z.infer<typeof Decision>;
