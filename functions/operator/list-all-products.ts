import { findCurrent, listProducts } from "../../shared/catalog/products.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { listAllProductsEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(listAllProductsEnv)) };

export const handler = httpFunction("list-all-products", operations.listAllProducts, operators, async ({ query }) => {
  const after = cursorFrom(query.cursor, /^prod_[0-9a-z]{20,26}$/);
  if (!after.ok) return after;
  if (query.productId !== undefined) {
    const product = await findCurrent(deps, query.productId);
    if (product === undefined) return refuse("not_found", "There is no such product.");
    return ok({ body: { data: [product], nextCursor: null } });
  }
  const { products, next } = await listProducts(deps, query.limit, after.value);
  return ok({ body: { data: products, nextCursor: cursorTo(next) } });
});
