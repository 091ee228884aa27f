import { startImport } from "../../shared/imports/requests.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, s3Client, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { startImportEnv } from "./env.ts";
import { knownImport, stateFacts } from "./known-import.ts";
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
    const known = await knownImport(deps, params.importId);
    if (!known.ok) return known;
    const { productId: subject } = known.value;
    const facts = stateFacts(known.value, { awaiting_file: "running" });
    const said = { operator, requestId, action: "import_started", subject, ...facts };
    const moved = await audited(deps, said, () => startImport(deps, params.importId));
    return moved.ok ? ok({ body: shownImport(moved.value), status: 202 }) : moved;
  },
);
