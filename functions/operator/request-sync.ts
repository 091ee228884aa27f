import { ok, refuse } from "../../shared/kernel/problem.ts";
import { askSync } from "../../shared/suppliers/ask-sync.ts";
import { findSupplier } from "../../shared/suppliers/settings.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { requestSyncEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(requestSyncEnv);
const deps = { db, tables: tablesIn(env), sqs: sqsClient(), syncQueueUrl: env.SYNC_QUEUE_URL };

export const handler = httpFunction(
  "request-sync",
  operations.requestSync,
  operators,
  async ({ params, requestId }, operator) => {
    const supplier = await findSupplier(deps, params.supplierId);
    if (supplier === undefined) return refuse("not_found", "There is no such supplier.");
    const { name, protocol } = supplier;
    const { supplierId: subject } = params;
    const what = { name, protocol };
    return audited(deps, { operator, requestId, action: "sync_requested", subject, what }, async () => {
      await askSync(deps, subject, clock());
      return ok({ body: {}, status: 202 });
    });
  },
);
