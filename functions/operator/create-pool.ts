import { findChannel } from "../../shared/channels/keys.ts";
import { setPool, showPool } from "../../shared/inventory/pools.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
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
    const { kind, subject } = body.owner;
    if (kind === "channel" && (await findChannel(deps, subject)) === undefined)
      return refuse("not_found", "There is no such channel.");
    await audited(deps, operator, requestId, "pool_created", params.productId);
    const pool = await setPool(deps, params.productId, body.owner, body.whenEmpty);
    return ok({ body: await showPool(deps, pool) });
  },
);
