import { progressOf } from "../../shared/imports/model.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { showImportEnv } from "./env.ts";
import { knownImport } from "./known-import.ts";
import { operations } from "./operations.ts";
import { shownImport } from "./shown-import.ts";

const deps = { db, tables: tablesIn(readEnv(showImportEnv)) };

export const handler = httpFunction("show-import", operations.showImport, operators, async ({ params }) => {
  const found = await knownImport(deps, params.importId);
  if (!found.ok) return found;
  return ok({ body: { ...shownImport(found.value), ...progressOf(found.value, clock()) } });
});
