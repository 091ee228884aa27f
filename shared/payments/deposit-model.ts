import * as z from "zod";
import { Money } from "../kernel/money.ts";
import { ByCheckout } from "./by-checkout.ts";
import type { DepositPurpose, Payment } from "./model.ts";

/** What a channel says when it pays in at a payment provider. */
export const NewDeposit = z
  .strictObject({
    amount: Money.refine(({ amount }) => amount > 0, "a deposit is more than nothing"),
    payment: ByCheckout.omit({ method: true }).meta({ description: "How you pay: as in an order, without `method`." }),
    reference: z.string().min(1).max(100).optional().meta({ description: "Your own number for the deposit." }),
  })
  .meta({
    examples: [
      { amount: { amount: 100_000, currency: "CNY" }, payment: { provider: "alipay" }, reference: "top-up-7" },
    ],
  });
export type NewDeposit = z.infer<typeof NewDeposit>;

/** A payment by which a channel pays in. */
export type DepositPayment = Payment & { purpose: DepositPurpose };

/**
 * How a deposit stands. `awaiting_payment`: pay it before its time is over · `paid`: it is in the balance · `returned`: what was paid was
 * not what was asked for, and goes back · `expired`: nobody has paid, and nobody can · `refused`: the provider does not take it ·
 * `reversed`: it was wrong, and was taken out of the balance again.
 */
export const DEPOSIT_STATES = ["awaiting_payment", "paid", "returned", "expired", "refused", "reversed"] as const;
type DepositState = (typeof DEPOSIT_STATES)[number];

export function depositStateOf({ state, counted, returned, refunds }: Payment): DepositState {
  if (returned !== undefined) return "returned";
  if (counted === true) return Object.keys(refunds).length === 0 ? "paid" : "reversed";
  switch (state) {
    case "created":
    case "pending":
    // Whether it counts is decided within moments.
    case "succeeded":
      return "awaiting_payment";
    case "closed":
      return "expired";
    case "failed":
      return "refused";
  }
}

/** Where a page of a list of deposits ends. */
export const DEPOSITS_BY_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z#pay_[0-9a-z]{26}$/;
