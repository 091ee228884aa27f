import { verifyStock } from "../../shared/inventory/verify.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { codeProduct } from "./code-product.ts";
import { verifyStockEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(verifyStockEnv)) };

export const handler = httpFunction("verify-stock", operations.verifyStock, operators, async ({ params, query }) => {
  const product = await codeProduct(deps, params.productId);
  if (!product.ok) return product;
  const after = cursorFrom(query.cursor, /^[\w.]{1,60}$/);
  if (!after.ok) return after;
  const { next, ...verified } = await verifyStock(deps, params.productId, clock(), after.value);
  return ok({ body: { ...verified, nextCursor: cursorTo(next ?? null) } });
});
