import { factsIn } from "../../shared/audit/differences.ts";
import { createProduct } from "../../shared/catalog/products.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { remembering } from "../runtime/idempotency.ts";
import { madeOnRecord } from "./audited.ts";
import { createProductEnv } from "./env.ts";
import { knownSuppliers } from "./known-suppliers.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(createProductEnv)) };

export const handler = httpFunction(
  "create-product",
  operations.createProduct,
  operators,
  async ({ body, idempotencyKey, requestId }, operator) => {
    const known = await knownSuppliers(deps, body);
    if (!known.ok) return known;
    const created = await createProduct(deps, body, idempotencyKey);
    if (!created.ok) return created;
    const { id: subject } = created.value;
    await madeOnRecord(deps, { operator, requestId, action: "product_created", subject, what: factsIn(created.value) });
    return ok({ body: created.value });
  },
  remembering(deps),
);
