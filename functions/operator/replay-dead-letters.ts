import { replayDeadLetters } from "../../shared/dead-letters/replay.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, eventsClient, s3Client, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { replayDeadLettersEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(replayDeadLettersEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
  sqs: sqsClient(),
  queuePrefix: env.QUEUE_PREFIX,
  watchQueueUrl: env.WATCH_QUEUE_URL,
  events: eventsClient(),
  eventBusName: env.EVENT_BUS,
  s3: s3Client(),
  salesLog: env.SALES_LOG,
};

export const handler = httpFunction(
  "replay-dead-letters",
  operations.replayDeadLetters,
  operators,
  async ({ params, body, requestId }, operator) => {
    const { queue } = params;
    const what = { max: body.max };
    return audited(deps, { operator, requestId, action: "dead_letters_replayed", subject: queue, what }, async () =>
      ok({ body: { results: await replayDeadLetters(deps, queue, body.max) } }),
    );
  },
);
