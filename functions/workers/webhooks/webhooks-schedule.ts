import { sweepWebhooks } from "../../../shared/webhooks/sweep.ts";
import { wakeBy } from "../../../shared/webhooks/wake.ts";
import { dependenciesOfJobs, sqsClient } from "../../runtime/dependencies.ts";
import { measure } from "../../runtime/metrics.ts";
import { scheduleFunction } from "../../runtime/schedule.ts";
import { workers } from "./workers.ts";

const { jobs } = workers.webhooksSchedule;
const { env, deps: given } = dependenciesOfJobs(jobs);
const deps = { ...given, wake: wakeBy({ sqs: sqsClient(), webhookQueueUrl: env.WEBHOOK_QUEUE_URL }) };

export const handler = scheduleFunction(jobs, {
  /** Has sent what is due, and measures how late the oldest of it is. */
  sweepWebhooks: async () => measure("WebhooksLateSeconds", await sweepWebhooks(deps)),
});
