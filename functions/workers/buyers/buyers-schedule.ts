import { eraseDue } from "../../../shared/buyers/erase.ts";
import { dependenciesOfJobs } from "../../runtime/dependencies.ts";
import { failuresOf } from "../../runtime/each.ts";
import { log } from "../../runtime/log.ts";
import { scheduleFunction } from "../../runtime/schedule.ts";
import { workers } from "./workers.ts";

const { jobs } = workers.buyersSchedule;
const { deps } = dependenciesOfJobs(jobs);

export const handler = scheduleFunction(jobs, {
  /** Erases how buyers can be reached whose orders are old enough. */
  eraseDue: async () => {
    const failures = failuresOf("erase-due");
    const orders = await eraseDue(deps, failures.note);
    if (orders > 0) log("contacts_erased", { orders });
    failures.end();
  },
});
