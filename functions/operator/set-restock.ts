import { ok, refuse } from "../../shared/kernel/problem.ts";
import { setRestock } from "../../shared/restock/table.ts";
import { findSupplier } from "../../shared/suppliers/settings.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { setRestockEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(setRestockEnv)) };

export const handler = httpFunction(
  "set-restock",
  operations.setRestock,
  operators,
  async ({ params, body, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    if ((await findSupplier(deps, body.supplierId)) === undefined)
      return refuse("not_found", "There is no such supplier.");
    await audited(deps, operator, requestId, "restock_set", params.productId);
    const set = await setRestock(deps, params.productId, body, clock());
    return set.ok ? ok({ body: set.value }) : set;
  },
);
