import { findCode, voidCode } from "../../shared/inventory/find-code.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, kmsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { voidCodeEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(voidCodeEnv);
const deps = { db, tables: tablesIn(env), kms: kmsClient(), fingerprintKey: env.FINGERPRINT_KEY };

export const handler = httpFunction(
  "void-code",
  operations.voidCode,
  operators,
  async ({ params, body, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const found = await findCode(deps, params.productId, body);
    const { codeId, state } = found.ok ? found.value : {};
    const { productId: subject } = params;
    const after = { state: found.ok ? "void" : undefined };
    const said = { what: { codeId, found: found.ok }, before: { state }, after };
    const voided = await audited(deps, { operator, requestId, action: "code_voided", subject, ...said }, async () =>
      found.ok ? voidCode(deps, subject, body) : found,
    );
    return voided.ok ? ok({ body: voided.value }) : voided;
  },
);
