import { listDeadLetters } from "../../../shared/dead-letters/list.ts";
import { replayDeadLetters } from "../../../shared/dead-letters/replay.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { dependenciesOf, eventsClient, s3Client, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.operatorDeadLetters);
const deps = {
  ...given,
  sqs: sqsClient(),
  queuePrefix: env.QUEUE_PREFIX,
  watchQueueUrl: env.WATCH_QUEUE_URL,
  events: eventsClient(),
  eventBusName: env.EVENT_BUS,
  s3: s3Client(),
  salesLog: env.SALES_LOG,
  eventArchive: env.EVENT_ARCHIVE,
};

export const handler = httpFunction(
  "operator-dead-letters",
  functions.operatorDeadLetters,
  forRecordedOperators(deps),
  {
    listDeadLetters: async ({ query }) =>
      ok({ body: { data: await listDeadLetters(deps, query.queue), nextCursor: null } }),

    replayDeadLetters: async ({ params: { queue }, body: { max } }) =>
      acts({ what: { max } }, async () => ok({ body: { results: await replayDeadLetters(deps, queue, max) } })),
  },
);
