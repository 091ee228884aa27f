import { allBooks } from "../../../shared/closings/books.ts";
import { closeBooks } from "../../../shared/closings/close.ts";
import type { Book } from "../../../shared/ledger/entries.ts";
import { careReconciliations } from "../../../shared/reconciliation/due.ts";
import { providersBy } from "../../providers.ts";
import { dependenciesOfJobs, sqsClient } from "../../runtime/dependencies.ts";
import { failuresOf } from "../../runtime/each.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { scheduleFunction } from "../../runtime/schedule.ts";
import { workers } from "./workers.ts";

const { jobs } = workers.reconciliationSchedule;
const { env, deps: given } = dependenciesOfJobs(jobs);
const deps = {
  ...given,
  ...providersBy(env),
  sqs: sqsClient(),
  reconciliationQueueUrl: env.RECONCILIATION_QUEUE_URL,
};

export const handler = scheduleFunction(jobs, {
  /** Has each provider's last days looked at until they are reconciled, and says how they stand. Throws in the end if one can't be. */
  careReconciliations: async () => {
    const failures = failuresOf("care-reconciliations");
    const { asked, different, late } = await careReconciliations(deps, failures.note);
    count("DaysDifferent", different);
    count("DaysUnreconciled", late);
    if (asked > 0) log("days_to_reconcile", { asked, different, late });
    failures.end();
  },

  /** Closes the days of all books that are over, and says how many books wait for money that is not booked. Throws in the end if one can't be closed. */
  closeDays: async () => {
    const failures = failuresOf("close-days");
    const note = ({ owner, currency }: Book, error: unknown) => failures.note(`${owner} ${currency}`, error);
    const { closed, late } = await closeBooks(deps, await allBooks(deps), deps.clock(), note);
    count("ClosingsLate", late);
    if (closed > 0) log("days_closed", { closed, late });
    failures.end();
  },
});
