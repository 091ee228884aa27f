import * as z from "zod";
import { Money } from "../../../shared/kernel/money.ts";
import { DepositState } from "../../deposits.ts";
import { Time } from "../../fields.ts";
import { OrderPayment } from "../orders/shown.ts";

export const Deposit = z
  .object({
    id: z.string(),
    state: DepositState,
    amount: Money,
    createdAt: Time,
    reference: z.string().optional(),
    payment: OrderPayment.meta({ description: "The payment, and where to pay it while that can be done." }),
  })
  .meta({ id: "Deposit", description: "Money that a channel pays in at a payment provider." });
