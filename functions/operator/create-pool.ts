import { findChannel } from "../../shared/channels/keys.ts";
import { readDirectory } from "../../shared/inventory/directory.ts";
import { poolIdOf } from "../../shared/inventory/model.ts";
import { setPool, showPool } from "../../shared/inventory/pools.ts";
import { ok, type Refusal, refuse } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { remembering } from "../runtime/idempotency.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { createPoolEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(createPoolEnv)) };

export const handler = httpFunction(
  "create-pool",
  operations.createPool,
  operators,
  async ({ params, body, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const { owner, whenEmpty } = body;
    if (owner.kind === "channel" && (await findChannel(deps, owner.subject)) === undefined) return unknownChannel();
    const before = await readDirectory(deps, params.productId, poolIdOf(params.productId, owner));
    const { productId: subject } = params;
    const what = { pool: before.pool, ...owner };
    const said = { what, before: { whenEmpty: before.whenEmpty }, after: { whenEmpty } };
    return audited(deps, { operator, requestId, action: "pool_created", subject, ...said }, async () =>
      ok({ body: await showPool(deps, await setPool(deps, subject, owner, whenEmpty)) }),
    );
  },
  remembering(deps),
);

/** A misspelt channel would be a pool that nobody can buy from. */
const unknownChannel = (): Refusal =>
  refuse("invalid_request", "There is no such channel.", [{ pointer: "/owner/subject", message: "is not a channel" }]);
