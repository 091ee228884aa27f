import { cancelImport } from "../../shared/imports/requests.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, s3Client, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { cancelImportEnv } from "./env.ts";
import { knownImport, stateFacts } from "./known-import.ts";
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
    const known = await knownImport(deps, params.importId);
    if (!known.ok) return known;
    const moves = { awaiting_file: "cancelled", running: "cancelling" } as const;
    const { productId: subject } = known.value;
    const said = { operator, requestId, action: "import_cancelled", subject, ...stateFacts(known.value, moves) };
    const moved = await audited(deps, said, () => cancelImport(deps, params.importId));
    return moved.ok ? ok({ body: shownImport(moved.value), status: 202 }) : moved;
  },
);
