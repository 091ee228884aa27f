import { cancelImport } from "../../shared/imports/requests.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, s3Client, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { cancelImportEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { shownImport } from "./shown-import.ts";

const env = readEnv(cancelImportEnv);
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
  "cancel-import",
  operations.cancelImport,
  operators,
  async ({ params, requestId }, operator) => {
    const moved = await cancelImport(deps, params.importId);
    if (!moved.ok) return moved;
    await audited(deps, operator, requestId, "import_cancelled", moved.value.productId);
    return ok({ body: shownImport(moved.value), status: 202 });
  },
);
