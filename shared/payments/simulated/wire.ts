import * as z from "zod";
import { DISPUTE_REASONS, DISPUTE_STATES } from "../dispute-contract.ts";

// The simulated provider's wire, as its README section describes it. Members that are not named here are none of our business.

const Amount = z.object({ amount: z.int(), currency: z.string() });

export const paymentSchema = z.object({
  id: z.string().min(1).max(64),
  reference: z.string(),
  state: z.enum(["pending", "paid", "closed"]),
  url: z.url(),
  paid: Amount.extend({ at: z.iso.datetime() }).exactOptional(),
});

export const refundSchema = z.object({
  id: z.string().min(1).max(64),
  reference: z.string(),
  state: z.enum(["pending", "refunded", "failed"]),
  at: z.iso.datetime(),
});

export const problemSchema = z.object({ code: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/) });

const disputeId = z.string().regex(/^[a-z0-9_]{1,64}$/);
const Moved = z.object({ taken: z.int(), givenBack: z.int() });

export const disputeSchema = z.object({
  id: disputeId,
  reference: z.string(),
  state: z.enum(DISPUTE_STATES),
  amount: z.int(),
  currency: z.string(),
  reason: z.enum(DISPUTE_REASONS),
  openedAt: z.iso.datetime(),
  answerBy: z.iso.datetime().exactOptional(),
  completeBy: z.iso.datetime().exactOptional(),
  answered: z.boolean(),
  funds: Moved,
  fees: Moved.extend({ currency: z.string() }),
  words: z.string().exactOptional(),
});

export const disputeListSchema = z.object({ ids: z.array(disputeId), next: z.string().exactOptional() });

export const eventSchema = z.object({
  type: z.string(),
  data: z.object({
    reference: z
      .string()
      .regex(/^pay_[0-9a-z]{26}$/)
      .optional(),
    refund: z
      .string()
      .regex(/^\w{1,32}$/)
      .optional(),
    dispute: disputeId.optional(),
  }),
});
