import * as z from "zod";
import { askImport } from "../../../shared/imports/requests.ts";
import { runImport } from "../../../shared/imports/run.ts";
import { machineMs } from "../../../shared/kernel/clock.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { dependenciesOfWorker, eventsClient, kmsClient, s3Client, sqsClient } from "../../runtime/dependencies.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.runImport);
const deps = {
  ...given,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
  generationKey: env.GENERATION_KEY,
  s3: s3Client(),
  uploadBucket: env.UPLOAD_BUCKET,
  sqs: sqsClient(),
  importQueueUrl: env.IMPORT_QUEUE_URL,
  events: eventsClient(),
  eventBusName: env.EVENT_BUS,
};

/** A segment takes some seconds, at worst a minute; the function is stopped after five. */
const BUSY_MS = 3 * 60_000;

const Message = z.strictObject({ importId: z.string() });

/** Goes on with a large import for as long as it has time, then sends a message for the next turn. */
export const handler = queueFunction("run-import", "imports", Message, deps, async ({ importId }) => {
  const until = machineMs() + BUSY_MS;
  switch (await runImport(deps, importId, () => machineMs() < until)) {
    case "more":
      await askImport(deps, importId);
      break;
    case "over":
      break;
  }
});
