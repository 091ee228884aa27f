import { archive } from "../../../shared/events/archive.ts";
import { eventFrom } from "../../events.ts";
import { eventFunction } from "../../runtime/consumer.ts";
import { dependenciesOfWorker, s3Client, sqsClient } from "../../runtime/dependencies.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.archiveEvents);
const deps = {
  ...given,
  s3: s3Client(),
  eventArchive: env.EVENT_ARCHIVE,
  sqs: sqsClient(),
  queuePrefix: env.QUEUE_PREFIX,
};

/** Puts an event into the archive, as an object that is named by its id: the same event again is the same object. */
export const handler = eventFunction("archive-events", deps, async (told, subject) => {
  const event = eventFrom(told);
  await archive(deps, { at: event.at, of: event.id }, [{ subject, types: [event.type], events: [event] }]);
});
