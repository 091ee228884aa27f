import { changePool, settingsOf } from "../../shared/inventory/change-pool.ts";
import { findPool, showPool } from "../../shared/inventory/pools.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { changePoolEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(changePoolEnv)) };

export const handler = httpFunction(
  "change-pool",
  operations.changePool,
  operators,
  async ({ params, body, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const found = await findPool(deps, params.productId, params.pool);
    if (!found.ok) return found;
    const before = settingsOf(found.value);
    const { productId: subject, pool } = params;
    const said = { what: { pool }, before, after: { ...before, ...body } };
    const changed = await audited(deps, { operator, requestId, action: "pool_changed", subject, ...said }, () =>
      changePool(deps, subject, pool, body),
    );
    return changed.ok ? ok({ body: await showPool(deps, changed.value) }) : changed;
  },
);
