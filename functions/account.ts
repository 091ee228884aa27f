import * as z from "zod";
import { Money } from "../shared/kernel/money.ts";
import { Time } from "./fields.ts";

const Movement = z
  .object({
    name: z.string().meta({ description: "What caused it; one cause is one movement." }),
    kind: z.enum(["deposit", "deposit_reversal", "sale", "refund"]),
    amount: z.int().meta({ description: "Minor units; negative when money left the account." }),
    at: Time,
  })
  .meta({ id: "Movement" });

export const Account = z
  .object({
    channelId: z.string(),
    balances: z.array(
      z.object({
        available: Money.extend({ amount: z.int() }).meta({
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
