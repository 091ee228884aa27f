import { listPools, showPool } from "../../shared/inventory/pools.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { codeProduct } from "./code-product.ts";
import { listPoolsEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(listPoolsEnv)) };

export const handler = httpFunction("list-pools", operations.listPools, operators, async ({ params }) => {
  const product = await codeProduct(deps, params.productId);
  if (!product.ok) return product;
  const pools = await listPools(deps, params.productId);
  return ok({ body: { data: await Promise.all(pools.map((pool) => showPool(deps, pool))) } });
});
