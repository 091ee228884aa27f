import { voidExpired } from "../../shared/inventory/closing.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { voidExpiredEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(voidExpiredEnv)) };

export const handler = httpFunction(
  "void-expired",
  operations.voidExpired,
  operators,
  async ({ params, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const now = clock();
    const { productId: subject } = params;
    const what = { expiredBy: now.toISOString() };
    return audited(deps, { operator, requestId, action: "expired_voided", subject, what }, async () =>
      ok({ body: await voidExpired(deps, subject, now) }),
    );
  },
);
