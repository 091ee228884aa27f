import { ok, refuse } from "../../shared/kernel/problem.ts";
import { CURSOR, restoreStock } from "../../shared/restore/restore.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { clock, db, s3Client, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { restoreStockEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(restoreStockEnv);
const deps = { db, tables: tablesIn(env), s3: s3Client(), salesLog: env.SALES_LOG };

export const handler = httpFunction(
  "restore-stock",
  operations.restoreStock,
  operators,
  async ({ query, body, requestId }, operator) => {
    const cursor = cursorFrom(query.cursor, CURSOR);
    if (!cursor.ok) return cursor;
    if (Date.parse(body.since) > clock().getTime())
      return refuse("invalid_request", "Nothing was restored to a moment to come.", [
        { pointer: "/since", message: "must not lie in the future" },
      ]);
    const said = { operator, requestId, action: "stock_restored", subject: `since ${body.since}`, what: body };
    const restore = () => restoreStock(deps, body, cursor.value);
    // Its first step is on record for all of them.
    const step = cursor.value === undefined ? await audited(deps, said, restore) : await restore();
    if (!step.ok) return step;
    const { next, ...done } = step.value;
    return ok({ body: { ...done, nextCursor: cursorTo(next) } });
  },
);
