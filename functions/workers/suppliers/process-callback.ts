import * as z from "zod";
import { processCallback } from "../../../shared/fulfilment/process-callback.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { dependenciesOfWorker, kmsClient, sfnClient, sqsClient, ssmClient } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.processCallback);
const deps = {
  ...given,
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
