import * as z from "zod";
import { FIELDS } from "../../../shared/reconciliation/match.ts";
import { DIFFERENCES, RECONCILIATION_STATES, TODOS } from "../../../shared/reconciliation/model.ts";
import { Time } from "../../fields.ts";

const Sums = z.record(z.string(), z.int());
const Day = z.iso.date().meta({ description: "A day by the provider's own clock." });

const Figures = z
  .object({ amount: z.int(), feeThousandths: z.int(), currency: z.string(), at: Time })
  .meta({ id: "StatementFigures", description: "What one side says, in minor units; the fee in thousandths of one." });

export const Difference = z
  .object({
    id: z.string().meta({ description: "By this name it is accepted." }),
    is: z.enum(DIFFERENCES).meta({
      description: "`missing_here`: our books don't have it · `missing_there`: the statement doesn't.",
    }),
    todo: z
      .enum(TODOS)
      .meta({ description: "What to do about it; the README of reconciliation has a sentence for each." }),
    kind: z.string().optional(),
    name: z.string().optional().meta({ description: "The payment or refund, by our name; otherwise the provider's." }),
    externalId: z.string().optional().meta({ description: "The provider's name for it." }),
    occurrence: z.int().optional().meta({ description: "Which one it is of those of its name, from 1." }),
    in: z.array(z.enum(FIELDS)).optional().meta({ description: "What differs." }),
    ours: Figures.optional(),
    theirs: Figures.optional(),
    line: z.int().optional().meta({ description: "The number of a line that can't be read. 0: its sums are wrong." }),
    reason: z.string().optional(),
    accepted: z
      .object({ reason: z.string(), by: z.string(), at: Time })
      .optional()
      .meta({ description: "A person has said that it is all right: it counts no more." }),
  })
  .meta({ id: "StatementDifference", description: "One thing in which a statement and our books differ." });

export const Reconciliation = z
  .object({
    provider: z.string(),
    day: Day,
    state: z.enum(RECONCILIATION_STATES),
    lookedAt: Time,
    lookAt: Time.optional().meta({ description: "When it is looked at again." }),
    reason: z.string().optional().meta({ description: "Why the last look could not read the statement." }),
    hash: z.string().optional().meta({ description: "SHA-256 of the statement as it was read." }),
    lines: z.int(),
    matched: z.int(),
    different: z.int(),
    missingHere: z.int(),
    missingThere: z.int(),
    otherDay: z.int(),
    unreadable: z.int(),
    accepted: z.int().meta({ description: "How many differences persons have accepted." }),
    fees: Sums.meta({ description: "What the provider kept beyond its contract, by currency, in minor units." }),
    payouts: Sums.meta({ description: "What it has sent to our bank." }),
    closing: Sums.optional().meta({ description: "What it says that it had for us at the end of the day." }),
    account: Sums.optional().meta({ description: "What our books say of that." }),
    entries: z.array(z.string()).meta({ description: "The entries that were booked because of it." }),
  })
  .meta({ id: "Reconciliation", description: "How a payment provider's day stands against our books." });
