import { countPage, importedInto, sumOf } from "../../shared/inventory/count.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { codeProduct } from "./code-product.ts";
import { countStockEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(countStockEnv)) };

/** The last range that is done, and how far the one after it is. */
const COUNT_CURSOR = /^[\w.]{0,60}:\d{1,10}$/;

export const handler = httpFunction("count-stock", operations.countStock, operators, async ({ params, query }) => {
  const product = await codeProduct(deps, params.productId);
  if (!product.ok) return product;
  const after = cursorFrom(query.cursor, COUNT_CURSOR);
  if (!after.ok) return after;
  const [imported, { rows, next }] = await Promise.all([
    importedInto(deps, params.productId),
    countPage(deps, params.productId, clock(), after.value),
  ]);
  return ok({ body: { imported, ...sumOf(rows), rows, nextCursor: cursorTo(next ?? null) } });
});
