import { listBatches } from "../../shared/inventory/batches.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { codeProduct } from "./code-product.ts";
import { listBatchesEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(listBatchesEnv)) };

export const handler = httpFunction("list-batches", operations.listBatches, operators, async ({ params, query }) => {
  const product = await codeProduct(deps, params.productId);
  if (!product.ok) return product;
  const after = cursorFrom(query.cursor, /^\w{1,60}$/);
  if (!after.ok) return after;
  const { batches, next } = await listBatches(deps, params.productId, after.value);
  return ok({ body: { data: batches, nextCursor: cursorTo(next) } });
});
