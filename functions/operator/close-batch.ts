import { closeBatch } from "../../shared/inventory/closing.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { closeBatchEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(closeBatchEnv)) };

export const handler = httpFunction(
  "close-batch",
  operations.closeBatch,
  operators,
  async ({ params, body, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    await audited(deps, operator, requestId, `batch_${body.state}`, params.productId, {
      what: { batchId: params.batchId },
    });
    const closed = await closeBatch(deps, params.productId, params.batchId, body.state);
    return closed.ok ? ok({ body: closed.value }) : closed;
  },
);
