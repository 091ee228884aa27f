import { createVersion } from "../../shared/catalog/products.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { remembering } from "../runtime/idempotency.ts";
import { audited } from "./audited.ts";
import { createVersionEnv } from "./env.ts";
import { knownSuppliers } from "./known-suppliers.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(createVersionEnv)) };

export const handler = httpFunction(
  "create-version",
  operations.createVersion,
  operators,
  async ({ params, body, idempotencyKey, requestId }, operator) => {
    const known = await knownSuppliers(deps, body);
    if (!known.ok) return known;
    const made = await createVersion(deps, params.productId, body, idempotencyKey);
    if (!made.ok) return made;
    await audited(deps, operator, requestId, `product_version_${made.value.version}`, params.productId);
    return ok({ body: made.value });
  },
  remembering(deps),
);
