import * as z from "zod";

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

export const eventSchema = z.object({
  type: z.string(),
  data: z.object({ reference: z.string().regex(/^pay_[0-9a-z]{26}$/) }),
});
