import * as z from "zod";
import { idOf } from "../kernel/ids.ts";
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

export const isDeposit = (payment: Payment): payment is DepositPayment => payment.purpose.kind === "deposit";

/** A deposit that its provider has refused may be tried again, so its payments are numbered. */
export const depositPaymentId = (depositId: string, attempt: number): string => idOf("pay", depositId, String(attempt));

/** Where a page of a list of deposits ends. */
export const DEPOSITS_BY_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z#pay_[0-9a-z]{26}$/;
