import { ok, refuse } from "../../shared/kernel/problem.ts";
import { readSync } from "../../shared/suppliers/offers.ts";
import { findSupplier } from "../../shared/suppliers/settings.ts";
import { listChanges } from "../../shared/suppliers/sync.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { showSyncEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(showSyncEnv)) };

export const handler = httpFunction("show-sync", operations.showSync, operators, async ({ params, query }) => {
  const { supplierId } = params;
  const after = cursorFrom(query.cursor, /^\d{4}-[\dT:.-]+Z#.{1,100}$/);
  if (!after.ok) return after;
  if ((await findSupplier(deps, supplierId)) === undefined) return refuse("not_found", "There is no such supplier.");
  const { changes, next } = await listChanges(deps, supplierId, query.limit, after.value);
  return ok({ body: { ...(await readSync(deps, supplierId)), data: changes, nextCursor: cursorTo(next) } });
});
