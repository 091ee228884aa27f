import type { AuditFacts } from "../../../shared/audit/table.ts";
import type { Db } from "../../../shared/aws/dynamo.ts";
import type { ImportState, LargeImport } from "../../../shared/imports/model.ts";
import { readImport } from "../../../shared/imports/table.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";

/** Finds an import by its id, or refuses with `not_found`. */
export async function knownImport(deps: Db<"operations">, importId: string): Promise<Result<LargeImport>> {
  const known = await readImport(deps, importId);
  return known === undefined ? refuse("not_found", "There is no such import.") : ok(known);
}

/**
 * Makes the facts of an import for the audit trail: its state before and after. `moves`: what each state becomes; a
 * state that it does not name stays as it is.
 */
export function stateFacts(
  { importId, batchId, state }: LargeImport,
  moves: Partial<Record<ImportState, ImportState>>,
): { what: AuditFacts; before: AuditFacts; after: AuditFacts } {
  return { what: { importId, batchId }, before: { state }, after: { state: moves[state] ?? state } };
}
