import * as z from "zod";
import { Money } from "../shared/kernel/money.ts";
import { Time } from "./fields.ts";

/** Money that may be owed: less than nothing. */
export const SignedMoney = Money.extend({ amount: z.int() });

export const Movement = z
  .object({
    name: z.string().meta({ description: "What caused it; one cause is one movement." }),
    kind: z.enum(["deposit", "deposit_reversal", "sale", "refund", "dispute"]),
    amount: z.int().meta({ description: "Minor units; negative when money left the account." }),
    at: Time.meta({ description: "When its cause happened. RFC 3339, UTC." }),
    bookedAt: Time.optional().meta({
      description: "When it was booked, if that is not when its cause happened. RFC 3339, UTC.",
    }),
  })
  .meta({ id: "Movement" });

export const Account = z
  .object({
    channelId: z.string(),
    balances: z.array(
      z.object({
        available: SignedMoney.meta({
          description:
            "What an order may cost now. Negative: what the channel owes, since a margin that it had spent went back.",
        }),
        pending: Money.meta({ description: "Taken for orders and not yet booked." }),
        credit: Money,
        movements: z.array(Movement).meta({ description: "The newest twenty." }),
      }),
    ),
  })
  .meta({ id: "Account" });
