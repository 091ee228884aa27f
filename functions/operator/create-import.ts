import { factsIn } from "../../shared/audit/differences.ts";
import { createImport } from "../../shared/imports/requests.ts";
import { tagKeyOf } from "../../shared/inventory/fingerprints.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, kmsClient, s3Client, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { remembering } from "../runtime/idempotency.ts";
import { madeOnRecord } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { createImportEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { shownImport } from "./shown-import.ts";

const env = readEnv(createImportEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
  s3: s3Client(),
  uploadBucket: env.UPLOAD_BUCKET,
  kms: kmsClient(),
  fingerprintKey: env.FINGERPRINT_KEY,
};

export const handler = httpFunction(
  "create-import",
  operations.createImport,
  operators,
  async ({ params, body, idempotencyKey, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const created = await createImport(
      deps,
      params.productId,
      { ...body, sharesCodes: product.value.sharesCodes ?? false },
      idempotencyKey,
    );
    if (!created.ok) return created;
    const { made, uploadUrl } = created.value;
    const { importId, batchId, dryRun, layout } = made;
    const what = factsIn({ importId, batchId, dryRun, layout: layout ?? {} });
    const action = body.sealed ? "sealed_import_created" : "import_created";
    await madeOnRecord(deps, { operator, requestId, action, subject: params.productId, what });
    const shown = { ...shownImport(made), uploadUrl };
    if (!body.sealed) return ok({ body: shown });
    const tagKey = Buffer.from(await tagKeyOf(deps, params.productId)).toString("base64");
    return ok({ body: { ...shown, tagKey } });
  },
  remembering(deps),
);
