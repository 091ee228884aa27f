import type { Db } from "../../shared/aws/dynamo.ts";
import type { LargeImport } from "../../shared/imports/model.ts";
import { readImport } from "../../shared/imports/table.ts";
import { ok, type Result, refuse } from "../../shared/kernel/problem.ts";

/** The import, if there is one of this name. */
export async function knownImport(deps: Db<"platform">, importId: string): Promise<Result<LargeImport>> {
  const known = await readImport(deps, importId);
  return known === undefined ? refuse("not_found", "There is no such import.") : ok(known);
}
