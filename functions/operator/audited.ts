import { type AuditFacts, record } from "../../shared/audit/records.ts";
import type { Db } from "../../shared/aws/dynamo.ts";
import type { Operator } from "../runtime/callers.ts";
import { clock } from "../runtime/dependencies.ts";

/**
 * What a record says beside the verb: what was before and is after, where something that stood is changed; otherwise the names and
 * numbers of what is made, moved or asked for. A verb alone is no record.
 */
type Said = { what: AuditFacts } | { what?: AuditFacts; before: AuditFacts; after: AuditFacts };

/**
 * Puts on record what an operator does: before it happens where its subject exists already, right after where the act is
 * what makes it.
 */
export async function audited(
  deps: Db<"audit">,
  { arn }: Operator,
  requestId: string,
  action: string,
  subject: string,
  said: Said,
): Promise<void> {
  await record(deps, { subject, at: clock().toISOString(), action, by: arn, requestId, ...said });
}
