import { careDisputes, findDisputes } from "../../../shared/disputes/due.ts";
import { providersBy } from "../../providers.ts";
import { dependenciesOfJobs, sqsClient } from "../../runtime/dependencies.ts";
import { failuresOf } from "../../runtime/each.ts";
import { log } from "../../runtime/log.ts";
import { scheduleFunction } from "../../runtime/schedule.ts";
import { workers } from "./workers.ts";

const { jobs } = workers.disputesSchedule;
const { env, deps: given } = dependenciesOfJobs(jobs);
const deps = { ...given, ...providersBy(env), sqs: sqsClient(), paymentQueueUrl: env.PAYMENT_QUEUE_URL };

export const handler = scheduleFunction(jobs, {
  /** Disputes that are due are looked at: their news was lost, evidence must go, or a deadline runs out. */
  careDisputes: async () => {
    const due = await careDisputes(deps);
    if (due > 0) log("disputes_due", { disputes: due });
  },

  /** Each provider is asked for disputes that we were not told of. Throws in the end if any could not say. */
  findDisputes: async () => {
    const failures = failuresOf("find-disputes");
    const found = await findDisputes(deps, failures.note);
    if (found > 0) log("disputes_found", { disputes: found });
    failures.end();
  },
});
