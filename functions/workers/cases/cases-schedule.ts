import { careCases } from "../../../shared/cases/care.ts";
import { dependenciesOfJobs, kmsClient, sfnClient, ssmClient } from "../../runtime/dependencies.ts";
import { failuresOf } from "../../runtime/each.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { scheduleFunction } from "../../runtime/schedule.ts";
import { workers } from "./workers.ts";

const { jobs } = workers.casesSchedule;
const { env, deps: given } = dependenciesOfJobs(jobs);
const deps = {
  ...given,
  sfn: sfnClient(),
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
};

export const handler = scheduleFunction(jobs, {
  /** Cases that are due are looked after: what was decided is done, and what nobody has decided in time is counted. */
  careCases: async () => {
    const failures = failuresOf("care-cases");
    const { due, late } = await careCases(deps, failures.note);
    if (due > 0) log("cases_due", { cases: due });
    if (late > 0) count("CaseLate", late);
    failures.end();
  },
});
