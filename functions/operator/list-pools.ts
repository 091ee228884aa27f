import { listPools, showPool } from "../../shared/inventory/pools.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { codeProduct } from "./code-product.ts";
import { listPoolsEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(listPoolsEnv)) };

export const handler = httpFunction("list-pools", operations.listPools, operators, async ({ params, query }) => {
  const product = await codeProduct(deps, params.productId);
  if (!product.ok) return product;
  const after = cursorFrom(query.cursor, /^[0-9a-z]{0,12}$/);
  if (!after.ok) return after;
  const { pools, next } = await listPools(deps, params.productId, query.limit, after.value);
  const data = await Promise.all(pools.map((pool) => showPool(deps, pool)));
  return ok({ body: { data, nextCursor: cursorTo(next) } });
});
