import { ok, refuse } from "../../shared/kernel/problem.ts";
import { readRestock } from "../../shared/restock/table.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { showRestockEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(showRestockEnv)) };

export const handler = httpFunction("show-restock", operations.showRestock, operators, async ({ params }) => {
  const restock = await readRestock(deps, params.productId);
  return restock === undefined ? refuse("not_found", "Nothing is bought ahead for it.") : ok({ body: restock });
});
