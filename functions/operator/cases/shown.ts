import * as z from "zod";
import { CASE_ACTIONS, type Case as CaseInside, OPENERS, WAITS_FOR } from "../../../shared/cases/model.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { CASE_REASONS } from "../../../shared/orders/cases.ts";
import { Case, showCase } from "../../cases.ts";
import { Time } from "../../fields.ts";

export const CaseInFull = Case.extend({
  channelId: z.string(),
  openedBy: z.enum(OPENERS),
  worth: Money.meta({ description: "What was paid for what it is about." }),
  pieces: z.int().optional().meta({ description: "How many codes it is about. Absent: the line as a whole." }),
  dueAt: Time.optional().meta({ description: "When it is looked at next. Absent: it has ended." }),
  isLate: z.boolean().meta({ description: "Nobody decided it in time." }),
  waitsFor: z
    .enum(WAITS_FOR)
    .optional()
    .meta({
      description:
        "Why a person decides: `seen` somebody has looked at the codes · `worth`, `too_many`: more than rules decide · `again` they came in the " +
        "place of others that did not work · `disputed` its money is · `sold_out` there were no other codes · `limit` it was refunded too often · `supplier_refused`, `supplier_silent` who has delivered does not help · " +
        "`not_decided_by_rule`.",
    }),
  asked: z
    .object({ supplierId: z.string(), times: z.int(), answer: z.string().optional(), at: Time.optional() })
    .optional()
    .meta({ description: "Who has delivered was asked: how often, and what it said last." }),
  decision: z
    .object({
      action: z.enum(CASE_ACTIONS),
      reason: z.enum(CASE_REASONS),
      by: z.string(),
      at: Time,
      pieces: z.int().optional(),
    })
    .optional(),
  proposal: z
    .object({ by: z.string(), person: z.string().optional(), at: Time })
    .optional()
    .meta({ description: "What the first of two people has decided." }),
}).meta({ id: "CaseInFull" });

/** Shows a case as operators see it. Nothing of it is a code, or personal. */
export function showInFull(one: CaseInside): z.infer<typeof CaseInFull> {
  const { channelId, openedBy, worth, tickets, dueAt, isLate = false, waitsFor, asked, decision, proposal } = one;
  return {
    ...showCase(one),
    channelId,
    openedBy,
    worth,
    isLate,
    ...(tickets === undefined ? {} : { pieces: tickets.length }),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(waitsFor === undefined ? {} : { waitsFor }),
    ...(asked === undefined ? {} : { asked }),
    ...(decision === undefined ? {} : { decision }),
    ...(proposal === undefined
      ? {}
      : {
          proposal: {
            by: proposal.by,
            at: proposal.at,
            ...(proposal.person === undefined ? {} : { person: proposal.person }),
          },
        }),
  };
}
