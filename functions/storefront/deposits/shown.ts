import * as z from "zod";
import { Money } from "../../../shared/kernel/money.ts";
import { DEPOSIT_STATES } from "../../../shared/payments/deposit-model.ts";
import { Time } from "../../fields.ts";
import { OrderPayment } from "../orders/shown.ts";

export const Deposit = z
  .object({
    id: z.string(),
    state: z.enum(DEPOSIT_STATES).meta({
      description:
        "`awaiting_payment`: pay it before `payment.expiresAt` · `paid`: it is in your balance · `returned`: something else was paid than was " +
        "asked for, and goes back · `expired`: nobody has paid · `refused`: the provider does not take it · `reversed`: it was wrong, and was " +
        "taken out of your balance again.",
    }),
    amount: Money,
    createdAt: Time,
    reference: z.string().optional(),
    payment: OrderPayment.meta({ description: "The payment, and where to pay it while that can be done." }),
  })
  .meta({ id: "Deposit", description: "Money that a channel pays in at a payment provider." });
