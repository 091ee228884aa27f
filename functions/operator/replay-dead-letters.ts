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
    await audited(deps, operator, requestId, "dead_letters_replayed", params.queue, { what: { max: body.max } });
    return ok({ body: { results: await replayDeadLetters(deps, params.queue, body.max) } });
  },
);
