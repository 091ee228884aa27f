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
    const said = { operator, requestId, action: "code_looked_up", subject: params.productId, what: { codeId } };
    // Where it lies is known by now, and told to nobody before the look is on record.
    const told = await audited(deps, said, async () => found);
    return told.ok ? ok({ body: told.value }) : told;
  },
);
