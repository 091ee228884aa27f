import { findBatch } from "../../shared/inventory/batches.ts";
import { closeBatch } from "../../shared/inventory/closing.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
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
    const batch = await findBatch(deps, params.productId, params.batchId);
    if (batch === undefined) return refuse("not_found", "There is no such batch.");
    const { batchId, state, left, leftFrozen } = batch;
    const { productId: subject } = params;
    const said = { what: { batchId }, before: { state, left, leftFrozen }, after: { state: body.state } };
    const closed = await audited(deps, { operator, requestId, action: `batch_${body.state}`, subject, ...said }, () =>
      closeBatch(deps, subject, batchId, body.state),
    );
    return closed.ok ? ok({ body: closed.value }) : closed;
  },
);
