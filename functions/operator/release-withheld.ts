import { ok } from "../../shared/kernel/problem.ts";
import { releaseWithheld } from "../../shared/restore/release.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { releaseWithheldEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(releaseWithheldEnv)) };

export const handler = httpFunction(
  "release-withheld",
  operations.releaseWithheld,
  operators,
  async ({ params, query, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const after = cursorFrom(query.cursor, /^[\w.]{0,60}$/);
    if (!after.ok) return after;
    const { productId: subject } = params;
    const what = { from: after.value ?? "the first" };
    return audited(deps, { operator, requestId, action: "withheld_released", subject, what }, async () => {
      const { next, released } = await releaseWithheld(deps, subject, after.value);
      return ok({ body: { released, nextCursor: cursorTo(next) } });
    });
  },
);
