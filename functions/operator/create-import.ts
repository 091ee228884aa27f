import { createImport } from "../../shared/imports/requests.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, s3Client, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { createImportEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(createImportEnv);
const deps = { db, tables: tablesIn(env), clock, s3: s3Client(), uploadBucket: env.UPLOAD_BUCKET };

export const handler = httpFunction(
  "create-import",
  operations.createImport,
  operators,
  async ({ params, body, idempotencyKey, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const { made, uploadUrl } = await createImport(deps, params.productId, body, idempotencyKey);
    await audited(deps, operator, requestId, "import_created", params.productId);
    return ok({ body: { ...made, uploadUrl } });
  },
);
