import { factsIn } from "../../shared/audit/differences.ts";
import { generateCodes } from "../../shared/imports/requests.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { remembering } from "../runtime/idempotency.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { generateCodesEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { shownImport } from "./shown-import.ts";

const env = readEnv(generateCodesEnv);
const deps = { db, tables: tablesIn(env), clock, sqs: sqsClient(), importQueueUrl: env.IMPORT_QUEUE_URL };

export const handler = httpFunction(
  "generate-codes",
  operations.generateCodes,
  operators,
  async ({ params, body, idempotencyKey, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const { productId: subject } = params;
    const said = { operator, requestId, action: "codes_generated", subject, what: factsIn(body) };
    const asked = await audited(deps, said, () =>
      generateCodes(deps, subject, body, idempotencyKey, product.value.sharesCodes),
    );
    return asked.ok ? ok({ body: shownImport(asked.value), status: 202 }) : asked;
  },
  remembering(deps),
);
