import { countStock } from "../../shared/inventory/count.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { codeProduct } from "./code-product.ts";
import { countStockEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(countStockEnv)) };

export const handler = httpFunction("count-stock", operations.countStock, operators, async ({ params }) => {
  const product = await codeProduct(deps, params.productId);
  if (!product.ok) return product;
  return ok({ body: await countStock(deps, params.productId, clock()) });
});
