import { type AuditEntry, type AuditFacts, record, recorded } from "../../shared/audit/records.ts";
import type { Db } from "../../shared/aws/dynamo.ts";
import type { Result } from "../../shared/kernel/problem.ts";
import type { Operator } from "../runtime/callers.ts";
import { clock } from "../runtime/dependencies.ts";

/**
 * What a record says beside the verb: what was before and is after, where something that stood is changed; otherwise the names and
 * numbers of what is made, moved or asked for. A verb alone is no record.
 */
type Said = { what: AuditFacts } | { what?: AuditFacts; before: AuditFacts; after: AuditFacts };

type Act = { operator: Operator; requestId: string; action: string; subject: string } & Said;

const entryOf = ({ operator, ...said }: Act): AuditEntry => ({
  ...said,
  by: operator.arn,
  at: clock().toISOString(),
});

/** Does what an operator asks for, after it is on record. If it is refused or fails, its record says so too. */
export async function audited<T>(deps: Db<"audit">, said: Act, act: () => Promise<Result<T>>): Promise<Result<T>> {
  return recorded(deps, entryOf(said), act);
}

/** Puts on record what an operator has made, where the subject of the record is what was made. */
export async function madeOnRecord(deps: Db<"audit">, said: Act): Promise<void> {
  await record(deps, entryOf(said));
}
