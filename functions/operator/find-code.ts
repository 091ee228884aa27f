import { findCode } from "../../shared/inventory/find-code.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, kmsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { findCodeEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(findCodeEnv);
const deps = { db, tables: tablesIn(env), kms: kmsClient(), fingerprintKey: env.FINGERPRINT_KEY };

export const handler = httpFunction(
  "find-code",
  operations.findCode,
  operators,
  async ({ params, body, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const found = await findCode(deps, params.productId, body);
    const { codeId } = found.ok ? found.value : {};
    await audited(deps, operator, requestId, "code_looked_up", params.productId, { what: { codeId } });
    return found.ok ? ok({ body: found.value }) : found;
  },
);
