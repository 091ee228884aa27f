import type { EventConsumer } from "../../../shared/dead-letters/catalogue.ts";
import { openQueue } from "../../../shared/dead-letters/queues.ts";
import { replayEvents } from "../../../shared/events/replay.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { dependenciesOf, s3Client, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import type { Workers } from "../../runtime/worker.ts";
import { workers } from "../../workers/workers.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.operatorEvents);
const deps = { ...given, s3: s3Client(), eventArchive: env.EVENT_ARCHIVE };
const queues = { sqs: sqsClient(), queuePrefix: env.QUEUE_PREFIX };

/** The kinds of subjects that a consumer hears of, as its description says. */
function kindsOf(consumer: EventConsumer): readonly string[] {
  const all = Object.values<Workers>(workers).flatMap((ofDomain) => Object.values(ofDomain));
  return all.flatMap((worker) => (worker.trigger === "events" && worker.queue === consumer ? worker.of : []));
}

export const handler = httpFunction("operator-events", functions.operatorEvents, forRecordedOperators(deps), {
  replayEvents: async ({ body: { consumer, ...replay }, after }) => {
    const step = async () => {
      const { send } = await openQueue(queues, consumer);
      const { sent, next } = await replayEvents({ ...deps, send }, { ...replay, kinds: kindsOf(consumer) }, after);
      return ok({ body: { sent }, next });
    };
    // Its first step is on record for all of them.
    return after === undefined ? acts({ what: replay }, step) : step();
  },
});
