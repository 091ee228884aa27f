import { startImport } from "../../shared/imports/requests.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, s3Client, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { startImportEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { shownImport } from "./shown-import.ts";

const env = readEnv(startImportEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
  s3: s3Client(),
  uploadBucket: env.UPLOAD_BUCKET,
  sqs: sqsClient(),
  importQueueUrl: env.IMPORT_QUEUE_URL,
};

export const handler = httpFunction(
  "start-import",
  operations.startImport,
  operators,
  async ({ params, requestId }, operator) => {
    const moved = await startImport(deps, params.importId);
    if (!moved.ok) return moved;
    await audited(deps, operator, requestId, "import_started", moved.value.productId);
    return ok({ body: shownImport(moved.value), status: 202 });
  },
);
