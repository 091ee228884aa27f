import { type AuditRecord, record } from "../../shared/audit/records.ts";
import type { Db } from "../../shared/aws/dynamo.ts";
import type { Operator } from "../runtime/callers.ts";
import { clock } from "../runtime/dependencies.ts";

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
  said: Pick<AuditRecord, "what" | "before" | "after"> = {},
): Promise<void> {
  await record(deps, { subject, at: clock().toISOString(), action, by: arn, requestId, ...said });
}
