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
      columns: ["is", "todo", "kind", "name", "externalId", "occurrence", "in", "ours", "theirs"],
    },
    answer: { status: 200, description: "A page of differences", schema: listOf(Difference) },
    refusals: ["not_found", "changed_meanwhile"],
    needs: { reconciliations: ["GetItem"], statements: ["GetObject"] },
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
