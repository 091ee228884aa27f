import { listDeadLetters } from "../../shared/dead-letters/list.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { listDeadLettersEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(listDeadLettersEnv);
const deps = { db, tables: tablesIn(env), sqs: sqsClient(), queuePrefix: env.QUEUE_PREFIX };

export const handler = httpFunction("list-dead-letters", operations.listDeadLetters, operators, async ({ query }) =>
  ok({ body: { data: await listDeadLetters(deps, query.queue), nextCursor: null } }),
);
