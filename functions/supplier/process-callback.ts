import * as z from "zod";
import { processCallback } from "../../shared/fulfilment/process-callback.ts";
import { queueFunction } from "../runtime/batch.ts";
import { clock, db, kmsClient, sfnClient, sqsClient, ssmClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { processCallbackEnv } from "./env.ts";

const env = readEnv(processCallbackEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
  sfn: sfnClient(),
  sqs: sqsClient(),
  syncQueueUrl: env.SYNC_QUEUE_URL,
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
};

const Message = z.strictObject({ supplierId: z.string(), eventId: z.string() });

export const handler = queueFunction(
  "process-callback",
  "callbacks",
  Message,
  deps,
  async ({ supplierId, eventId }) => {
    const result = await processCallback(deps, supplierId, eventId);
    log("callback_processed", { supplierId, eventId, result });
  },
);
