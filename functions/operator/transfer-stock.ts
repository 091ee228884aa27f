import { transferByName } from "../../shared/inventory/transfer.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { transferStockEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(transferStockEnv)) };

export const handler = httpFunction(
  "transfer-stock",
  operations.transferStock,
  operators,
  async ({ params, body, idempotencyKey, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const { productId: subject } = params;
    const said = { operator, requestId, action: "stock_transferred", subject, what: body };
    const moved = await audited(deps, said, () => transferByName(deps, subject, body, idempotencyKey));
    return moved.ok ? ok({ body: moved.value }) : moved;
  },
);
