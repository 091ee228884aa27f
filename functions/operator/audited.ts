import { record } from "../../shared/audit/records.ts";
import type { Db } from "../../shared/aws/dynamo.ts";
import type { Operator } from "../runtime/callers.ts";
import { clock } from "../runtime/dependencies.ts";

/** Puts on record that an operator is about to do something, before it happens. */
export async function audited(
  deps: Db<"audit">,
  { arn }: Operator,
  requestId: string,
  action: string,
  subject: string,
): Promise<void> {
  await record(deps, { subject, at: clock().toISOString(), action, by: arn, requestId });
}
