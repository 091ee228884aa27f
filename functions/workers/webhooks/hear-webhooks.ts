import { deliverEvent, isHeard } from "../../../shared/webhooks/deliveries.ts";
import { wakeBy } from "../../../shared/webhooks/wake.ts";
import { eventFrom } from "../../events.ts";
import { eventFunction } from "../../runtime/consumer.ts";
import { dependenciesOfWorker, s3Client, sqsClient } from "../../runtime/dependencies.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.hearWebhooks);
const sqs = sqsClient();
const deps = {
  ...given,
  s3: s3Client(),
  eventArchive: env.EVENT_ARCHIVE,
  sqs,
  queuePrefix: env.QUEUE_PREFIX,
  wake: wakeBy({ sqs, webhookQueueUrl: env.WEBHOOK_QUEUE_URL }),
};

/** Puts an event down for the endpoints of its channel. Most channels have none. */
export const handler = eventFunction(
  "hear-webhooks",
  deps,
  (told, subject) => deliverEvent(deps, eventFrom(told), subject),
  (news) => isHeard(deps, news),
);
