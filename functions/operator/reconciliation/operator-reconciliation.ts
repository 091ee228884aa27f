import type * as z from "zod";
import { dayAfter, utcDay } from "../../../shared/kernel/clock.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { findProvider } from "../../../shared/payments/providers.ts";
import { acceptDifference, planAcceptance } from "../../../shared/reconciliation/accept.ts";
import { listDifferences, listReconciliations } from "../../../shared/reconciliation/list.ts";
import type { Reconciliation } from "../../../shared/reconciliation/model.ts";
import { askToReconcile } from "../../../shared/reconciliation/queue.ts";
import { dependenciesOf, s3Client, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";
import type { Reconciliation as Shown } from "./shown.ts";

const { env, deps: given } = dependenciesOf(functions.operatorReconciliation);
const deps = {
  ...given,
  s3: s3Client(),
  statements: env.STATEMENT_BUCKET,
  sqs: sqsClient(),
  reconciliationQueueUrl: env.RECONCILIATION_QUEUE_URL,
};

/** Days of a list, if nobody says since when. */
const DAYS_LISTED = 31;

function shown(one: Reconciliation): z.infer<typeof Shown> {
  const {
    version: _version,
    counts,
    first: _first,
    kept: _kept,
    differences: _where,
    booked,
    accepted = {},
    ...rest
  } = one;
  return {
    ...rest,
    lines: counts.lines,
    matched: counts.matched,
    different: counts.different + counts.other_closing,
    missingHere: counts.missing_here,
    missingThere: counts.missing_there,
    otherDay: counts.other_day,
    unreadable: counts.unreadable,
    accepted: Object.keys(accepted).length,
    entries: Array.from({ length: booked.entries }, (_, index) => `statement:${one.provider}@${one.day}#${index + 1}`),
  };
}

export const handler = httpFunction("operator-reconciliation", functions.operatorReconciliation, forOperators(deps), {
  listReconciliations: async ({ query: { provider, state, since } }) => {
    // A provider's day may have begun before ours.
    const until = dayAfter(utcDay(deps.clock()));
    const oldest = dayAfter(until, 0 - LIMITS.reconciliationsListedDays);
    const from = since ?? dayAfter(until, 0 - DAYS_LISTED);
    const of = {
      since: from < oldest ? oldest : from,
      until,
      ...(provider === undefined ? {} : { provider }),
      ...(state === undefined ? {} : { state }),
    };
    return ok({ body: { data: (await listReconciliations(deps, of)).map(shown) } });
  },

  listDifferences: async ({ params: { provider, date: day }, query: { limit }, after }) => {
    const page = await listDifferences(deps, { provider, day }, limit, after);
    switch (page.kind) {
      case "page":
        return ok({ body: { data: page.differences }, next: page.next });
      case "not_compared":
        return refuse("not_found", "Nobody has compared this day yet.");
      case "changed":
        return refuse("changed_meanwhile", "The day was compared again. Begin with its first page.");
    }
  },

  acceptDifference: async ({ params: { provider, date: day, differenceId }, body: { reason } }, { arn: by }) => {
    const plan = await planAcceptance(deps, { provider, day }, differenceId);
    switch (plan.kind) {
      case "accepted":
        // Somebody has done so before: a repeat is no act.
        return ok({ body: shown(plan.one) });
      case "accept": {
        const { one, difference } = plan;
        const { is, name = "" } = difference;
        const what = { provider, date: day, difference: differenceId, is, name, reason };
        return acts({ what, before: { state: one.state } }, async () => {
          const to = await acceptDifference(deps, plan, { reason, by });
          if (to === undefined) return refuse("changed_meanwhile", "The day was just compared again; look again.");
          return ok({ body: shown(to) });
        });
      }
      case "not_compared":
        return refuse("not_found", "Nobody has compared this day yet.");
      case "unknown":
        return refuse("not_found", "The last look at this day has found no such difference.");
      case "not_yours":
        return refuse("invalid_request", "This difference can't be accepted.", [
          { pointer: "/differenceId", message: plan.why },
        ]);
      case "too_many":
        return refuse("limit_reached", `At most ${LIMITS.acceptedDifferences} differences of a day can be accepted.`);
    }
  },

  requestReconciliation: async ({ params: { provider, date: day } }) => {
    if ((await findProvider(deps, provider)) === undefined)
      return refuse("not_found", "There is no such payment provider.");
    if (day > utcDay(deps.clock()))
      return refuse("invalid_request", "That day is still to come.", [
        { pointer: "/date", message: "is in the future" },
      ]);
    return acts({ what: { provider, date: day } }, async () => {
      await askToReconcile(deps, { provider, day });
      return ok({ body: { provider, date: day } });
    });
  },
});
