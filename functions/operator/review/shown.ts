import * as z from "zod";
import { Money } from "../../../shared/kernel/money.ts";
import { PROBLEM_CODES } from "../../../shared/kernel/problem.ts";
import { ORDER_STATES } from "../../../shared/orders/states.ts";
import { ReviewFilter } from "../../../shared/review/decision.ts";
import { Time } from "../../fields.ts";
import { Attempt } from "../orders/shown.ts";
import { AuditRecord } from "../shown.ts";

const Choice = z
  .object({
    action: z.enum(["retry", "replace", "refund", "note", "reject"]),
    effect: z.string().meta({ description: "What it would do." }),
    allowed: z.boolean(),
    whyNot: z.string().optional(),
    takesTwo: z.boolean().meta({ description: "A second person must decide the same." }),
  })
  .meta({ id: "Choice", description: "A possible decision." });

export const ReviewItem = z
  .object({
    orderId: z.string(),
    channelId: z.string(),
    state: z.enum(ORDER_STATES),
    total: Money,
    reason: z.string().optional(),
    since: Time.optional(),
    lineId: z.string().optional(),
    execution: z.string().optional(),
    refundId: z.string().optional(),
    escalatedAt: Time.optional(),
    ageSeconds: z.int(),
    tried: z.array(Attempt).meta({ description: "What was tried at suppliers." }),
    proposal: z
      .object({ action: z.enum(["retry", "replace", "refund"]), by: z.string(), at: Time })
      .optional()
      .meta({ description: "What the first of two people has decided." }),
    choices: z.array(Choice),
  })
  .meta({ id: "ReviewItem", description: "An order that waits for a person." });

export const ReviewDetails = z
  .object({ review: ReviewItem, trail: z.array(AuditRecord) })
  .meta({ id: "ReviewDetails" });

export const Settings = z
  .object({
    twoPeopleFrom: z
      .record(z.string(), z.int())
      .meta({ description: "Amounts from which a decision takes two people, in minor units, by currency." }),
    decideWithinSeconds: z.int().meta({ description: "What nobody decided for this long is refunded by rule." }),
    people: z.record(z.string(), z.string()).optional().meta({ description: "Which principals are which people." }),
  })
  .meta({ id: "ReviewSettings" });

export const Decisions = z
  .object({
    results: z.array(
      z.object({
        orderId: z.string(),
        result: z.enum(["done", "proposed", "noted", "failed", ...PROBLEM_CODES]).meta({
          description:
            "`proposed`: waits for a second person · `failed`: nobody knows, repeat it · or why it was refused.",
        }),
      }),
    ),
    filter: ReviewFilter.meta({ description: "Send this with the next page." }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Decisions" });
