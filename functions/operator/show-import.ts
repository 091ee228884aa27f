import { progressOf } from "../../shared/imports/model.ts";
import { readImport } from "../../shared/imports/table.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { showImportEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { shownImport } from "./shown-import.ts";

const deps = { db, tables: tablesIn(readEnv(showImportEnv)) };

export const handler = httpFunction("show-import", operations.showImport, operators, async ({ params }) => {
  const found = await readImport(deps, params.importId);
  if (found === undefined) return refuse("not_found", "There is no such import.");
  return ok({ body: { ...shownImport(found), ...progressOf(found, clock()) } });
});
