import * as z from "zod";
import { ANSWERS } from "../../../shared/disputes/model.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { DISPUTE_REASONS, DISPUTE_STATES } from "../../../shared/payments/dispute-contract.ts";
import { Time } from "../../fields.ts";

const moved = { taken: z.int(), givenBack: z.int() };

const Answer = z
  .object({
    what: z.enum(ANSWERS).meta({ description: "`evidence` for our side, or that we `accept` the dispute." }),
    by: z
      .string()
      .meta({ description: "The principal who decided it, or `rule`: it went by itself before its deadline." }),
    at: Time,
    state: z.enum(["sending", "sent", "refused"]),
    reason: z.string().optional(),
    digest: z.string().optional().meta({ description: "A hash of the evidence that was sent." }),
  })
  .meta({ id: "DisputeAnswer", description: "Our one answer to a dispute." });

export const Dispute = z
  .object({
    id: z.string(),
    provider: z.string(),
    disputeId: z.string().meta({ description: "The provider's own name for it." }),
    paymentId: z.string(),
    channelId: z.string(),
    orderId: z.string().optional().meta({ description: "Absent: it is about a deposit." }),
    state: z.enum(DISPUTE_STATES).meta({
      description:
        "Of an inquiry: `inquiry`, `inquiry_answered`, `inquiry_closed` · of a dispute: `opened` (the money is taken), `answered`, `won`, " +
        "`lost` · of a complaint: `complained`, `replied`, `completed`.",
    }),
    amount: Money,
    reason: z.enum(DISPUTE_REASONS),
    openedAt: Time,
    answerBy: Time.optional().meta({ description: "Until when evidence, or the first reply, is taken." }),
    completeBy: Time.optional().meta({ description: "Until when a complaint must be done." }),
    isAnswered: z.boolean(),
    funds: z.object(moved).meta({ description: "What the provider has taken from us and given back, without fees." }),
    fees: z.object({ ...moved, currency: z.string() }),
    seenAt: Time,
    answer: Answer.optional(),
    booked: z.object({ pending: z.int(), channel: z.int(), owed: z.int(), loss: z.int(), fee: z.int() }).meta({
      description:
        "Where the money is: `pending` nobody has decided · `channel` the channel's share or debt · `owed` the payer was owed it anyway · " +
        "`loss` it is lost · `fee`.",
    }),
    goods: z
      .enum(["back", "kept"])
      .optional()
      .meta({ description: "After a loss: the goods went back to stock, or stay delivered." }),
    dueAt: Time.optional().meta({ description: "When it is looked at next. Absent: it is over." }),
  })
  .meta({ id: "Dispute", description: "A dispute or complaint about a payment, as its provider said last." });

export const Evidence = z
  .object({
    product: z.string(),
    paidAt: Time.optional(),
    deliveredAt: Time.optional(),
    payerIp: z.string().optional(),
    looks: z.array(z.object({ at: Time, by: z.string(), from: z.string().optional() })),
    text: z.string(),
  })
  .meta({ id: "Evidence", description: "What we know of a disputed sale, as a bank gets it." });
