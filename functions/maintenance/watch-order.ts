import * as z from "zod";
import { watchOrder } from "../../shared/fulfilment/watch.ts";
import { queueFunction } from "../runtime/batch.ts";
import { clock, db, sfnClient, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { watchOrderEnv } from "./env.ts";

const env = readEnv(watchOrderEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
  sfn: sfnClient(),
  workflowArn: env.WORKFLOW_ARN,
  sqs: sqsClient(),
  watchQueueUrl: env.WATCH_QUEUE_URL,
};

const Look = z.strictObject({ orderId: z.string(), looks: z.int() });

export const handler = queueFunction("watch-order", Look, (look) => watchOrder(deps, look));
