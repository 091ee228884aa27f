import type { AuditFacts } from "../../../shared/audit/table.ts";
import type { Db } from "../../../shared/aws/dynamo.ts";
import type { ImportState, LargeImport } from "../../../shared/imports/model.ts";
import { readImport } from "../../../shared/imports/table.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";

/** The import, if there is one of this name. */
export async function knownImport(deps: Db<"operations">, importId: string): Promise<Result<LargeImport>> {
  const known = await readImport(deps, importId);
  return known === undefined ? refuse("not_found", "There is no such import.") : ok(known);
}

/** For the audit trail: an import, its state, and what its state becomes by `moves`; it stays as it is in all other states. */
export function stateFacts(
  { importId, batchId, state }: LargeImport,
  moves: Partial<Record<ImportState, ImportState>>,
): { what: AuditFacts; before: AuditFacts; after: AuditFacts } {
  return { what: { importId, batchId }, before: { state }, after: { state: moves[state] ?? state } };
}
