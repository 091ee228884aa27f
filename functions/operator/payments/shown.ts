import * as z from "zod";
import { Money } from "../../../shared/kernel/money.ts";
import { DISPUTE_STATES } from "../../../shared/payments/dispute-contract.ts";
import { PAYMENT_STATES, REFUND_STATES, RETURN_REASONS } from "../../../shared/payments/model.ts";
import { DepositState } from "../../deposits.ts";
import { Time } from "../../fields.ts";
import { Change } from "../shown.ts";

const provider = {
  name: z.string().meta({ description: "The name by which orders speak of it." }),
  protocol: z.string(),
  baseUrl: z.string(),
  notificationUrl: z.string().optional(),
  timeoutMs: z.int(),
  fees: z.array(z.string()).optional().meta({ description: "What it keeps of each payment, by its contract." }),
};

export const PaymentProvider = z
  .object(provider)
  .meta({ id: "PaymentProvider", description: "A payment provider, without its credentials." });

export const ChangedProvider = z
  .object({ ...provider, changes: z.array(Change).meta({ description: "What was before, and what is after." }) })
  .meta({ id: "ChangedPaymentProvider" });

const Refund = z
  .object({
    id: z.string().meta({ description: "What we call it at the provider." }),
    cause: z.string(),
    amount: z.int(),
    state: z.enum(REFUND_STATES),
    requestedAt: Time,
    endedAt: Time.optional(),
    providerRefundId: z.string().optional(),
    reason: z
      .string()
      .optional()
      .meta({ description: "Why it has not gone back, in our words. Of a refused one a person has to decide." }),
    bounced: z.int().optional().meta({ description: "How often it was given back and came to nothing later." }),
    insteadOf: z.string().optional().meta({ description: "The refused refund in place of which it is tried." }),
  })
  .meta({ id: "PaymentRefund", description: "Money of a payment on its way back, or back." });

export const Payment = z
  .object({
    id: z.string(),
    purpose: z
      .string()
      .meta({ description: "What it is for: `order:ORDER@EPOCH`, `deposit:DEPOSIT`, `renewal:ID#PERIOD`." }),
    channelId: z.string(),
    provider: z.string(),
    attempt: z.int().meta({ description: "Payments of one order are numbered." }),
    amount: Money,
    description: z.string().optional().meta({ description: "What its payer reads about the goods." }),
    state: z.enum(PAYMENT_STATES),
    createdAt: Time,
    expiresAt: Time,
    fee: z.object({ ppm: z.int(), fixed: z.int().optional() }).optional().meta({
      description:
        "What the provider keeps of it, as contracted when it was written down: millionths of it, and minor units more.",
    }),
    providerPaymentId: z.string().optional(),
    reason: z.string().optional(),
    received: z
      .object({ providerPaymentId: z.string(), amount: z.int(), currency: z.string(), at: Time })
      .optional()
      .meta({ description: "What was really paid." }),
    counted: z.literal(true).optional().meta({ description: "The money is what its order was paid with." }),
    returned: z.enum(RETURN_REASONS).optional().meta({ description: "Why all of it goes back." }),
    refunds: z.array(Refund),
    disputes: z
      .record(z.string(), z.object({ state: z.enum(DISPUTE_STATES), held: z.int(), owed: z.int() }))
      .optional()
      .meta({
        description:
          "Disputes and complaints, by id. `held`: what the provider has taken and not given back; `owed`: what of that the payer was owed.",
      }),
    asked: z.int(),
    dueAt: Time.optional().meta({ description: "When it is looked at next. In the year 9999: it waits for a person." }),
    correlationId: z.string().optional(),
  })
  .meta({ id: "Payment", description: "A payment at a provider, without the place where it is paid." });

export const Deposit = z
  .object({
    id: z.string(),
    channelId: z.string(),
    state: DepositState,
    amount: Money,
    createdAt: Time,
    reference: z.string().optional().meta({ description: "The channel's own number for it." }),
    payment: Payment,
  })
  .meta({ id: "ProviderDeposit", description: "Money that a channel pays in at a payment provider." });
