import { factsOf } from "../../shared/audit/differences.ts";
import { planChange } from "../../shared/catalog/change.ts";
import { createVersion } from "../../shared/catalog/products.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
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
    const known = await knownSuppliers(deps, body.change, "/change");
    if (!known.ok) return known;
    const planned = await planChange(deps, params.productId, body, idempotencyKey);
    if (!planned.ok) return planned;
    const { kind, changes } = planned.value;
    if (kind === "same") return ok({ body: { ...planned.value.product, changes }, status: 200 });
    const action = `product_version_${body.base + 1}`;
    const { productId: subject } = params;
    const { next, requestHash } = planned.value;
    const made = await audited(deps, { operator, requestId, action, subject, ...factsOf(changes) }, () =>
      createVersion(deps, subject, next, idempotencyKey, body.base, requestHash),
    );
    return made.ok ? ok({ body: { ...made.value, changes } }) : made;
  },
);
