import * as z from "zod";
import { SignedMoney } from "../../account.ts";
import { Time } from "../../fields.ts";
import { Day, MonthOfYear } from "../../statements.ts";

const amounts = {
  opening: SignedMoney.meta({ description: "What the account had when it began. Negative: what the channel owed." }),
  in: SignedMoney.meta({ description: "All that came in: deposits, refunds, margins." }),
  out: SignedMoney.meta({ description: "All that went out, as a positive amount: orders, and what was taken back." }),
  closing: SignedMoney.meta({ description: "What it had in the end: opening, and in, less out." }),
};

export const MonthlyStatement = z
  .object({
    month: MonthOfYear,
    through: Day.meta({ description: "The last day of the month that is closed." }),
    isOver: z.boolean().meta({ description: "True: that is the month's last day." }),
    ...amounts,
    entries: z.int().meta({ description: "How many entries its days have." }),
    hash: z.string().meta({ description: "That of its last closed day, or of the last one before it." }),
  })
  .meta({ id: "MonthlyStatement", description: "A month of the account, as far as its days are closed." });

export const Statement = z
  .object({
    day: Day,
    ...amounts,
    entries: z.int().meta({ description: "How many entries the day has." }),
    hash: z.string().meta({
      description:
        "Names the day as it was closed. If anything of it or of a day before were changed, it would be another.",
    }),
    closedAt: Time,
  })
  .meta({
    id: "Statement",
    description: "A closed day of the account.",
    examples: [
      {
        day: "2026-03-01",
        opening: { amount: 100000, currency: "CNY" },
        in: { amount: 0, currency: "CNY" },
        out: { amount: 3000, currency: "CNY" },
        closing: { amount: 97000, currency: "CNY" },
        entries: 2,
        hash: "5f0c7b6f2b0f4c1f6b1f7d0a8c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d",
        closedAt: "2026-03-02T01:00:07.000Z",
      },
    ],
  });
