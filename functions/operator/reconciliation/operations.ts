import * as z from "zod";
import { ProviderName } from "../../../shared/payments/set-provider.ts";
import { DIFFERENCE_PLACE } from "../../../shared/reconciliation/list.ts";
import { RECONCILIATION_STATES } from "../../../shared/reconciliation/model.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Difference, Reconciliation } from "./shown.ts";

const Day = z.iso.date("must be a day, as 2026-11-29");
const params = z.strictObject({
  provider: ProviderName,
  date: Day.meta({ description: "The day by the provider's own clock, as 2026-11-29." }),
});

const operatorReconciliation = {
  listReconciliations: {
    method: "GET",
    path: "/admin/v1/reconciliations",
    summary: "How payment providers' days stand against our books, the newest first",
    query: z.strictObject({
      provider: ProviderName.optional().meta({ description: "Only this one's." }),
      since: Day.optional().meta({ description: "From this day on. Without it: the last 31 days; 92 days at most." }),
      state: z.enum(RECONCILIATION_STATES).optional().meta({ description: "Only those that stand so." }),
    }),
    command: {
      is: "payments reconciliations",
      columns: ["provider", "day", "state", "lines", "matched", "different", "missingHere", "missingThere", "lookAt"],
    },
    answer: { status: 200, description: "The days", schema: z.object({ data: z.array(Reconciliation) }) },
    needs: { reconciliations: ["Query"], providers: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  listDifferences: {
    method: "GET",
    path: "/admin/v1/payment-providers/{provider}/reconciliations/{date}/differences",
    pages: DIFFERENCE_PLACE,
    summary: "What differs on a provider's day, and what to do about it",
    params,
    query: Page,
    command: {
      is: "payments differences",
      argument: "provider",
      columns: ["id", "is", "todo", "kind", "name", "externalId", "occurrence", "in", "ours", "theirs"],
    },
    answer: { status: 200, description: "A page of differences", schema: listOf(Difference) },
    refusals: ["not_found", "changed_meanwhile"],
    needs: { reconciliations: ["GetItem"], statements: ["GetObject"] },
  },
  acceptDifference: {
    method: "POST",
    path: "/admin/v1/payment-providers/{provider}/reconciliations/{date}/differences/{differenceId}/acceptance",
    summary: "Say that a difference is all right: it is listed, and counts no more; nothing is booked",
    params: params.extend({
      differenceId: z
        .string()
        .regex(/^[0-9a-f]{16}$/, "must be a difference's id")
        .meta({ description: "The difference, as payments differences names it." }),
    }),
    body: z.strictObject({
      reason: z
        .string()
        .trim()
        .min(1)
        .max(500)
        .meta({ description: "Stays with the difference, and goes into the audit trail." }),
    }),
    command: {
      is: "payments accept-difference",
      argument: "provider",
      options: { differenceId: { as: "difference" } },
      effect: "Nobody is warned of --difference {difference} any more, as long as both sides say the same.",
    },
    answer: { status: 200, description: "How the day stands now", schema: Reconciliation },
    refusals: ["not_found", "invalid_request", "changed_meanwhile", "limit_reached"],
    needs: { reconciliations: ["GetItem", "PutItem"], statements: ["GetObject"] },
    audit: { action: "difference_accepted", subject: "{provider}@{date}" },
  },
  requestReconciliation: {
    method: "POST",
    path: "/admin/v1/payment-providers/{provider}/reconciliations/{date}",
    summary: "Have a provider's day compared with our books now",
    params,
    command: { is: "payments reconcile", argument: "provider" },
    answer: {
      status: 202,
      description: "It will be compared",
      schema: z.object({ provider: z.string(), date: z.string() }),
    },
    refusals: ["not_found", "invalid_request"],
    needs: { providers: ["GetItem"], reconciliationQueue: ["SendMessage"] },
    audit: { action: "reconciliation_requested", subject: "{provider}@{date}" },
  },
} as const satisfies Operations;

/** What operators call about payment providers' statements, by the functions that answer. */
export const functions = { operatorReconciliation } as const;
