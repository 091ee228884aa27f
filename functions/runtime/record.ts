import { record, recorded } from "../../shared/audit/records.ts";
import type { AuditEntry, AuditFacts } from "../../shared/audit/table.ts";
import type { Db } from "../../shared/aws/dynamo.ts";
import { ok, type Result } from "../../shared/kernel/problem.ts";
import type { Operator } from "./callers.ts";
import { clock } from "./dependencies.ts";
import type { Answer, RequestOf } from "./handler.ts";
import type { Operation } from "./operation.ts";

/**
 * What a record says beside the verb: what was before and is after, where something that stood is changed; otherwise the names and
 * numbers of what is made, moved or asked for. A verb alone is no record.
 */
type Facts = { what: AuditFacts } | { what?: AuditFacts; before: AuditFacts; after: AuditFacts };

/** Values for the braces in an operation's `audit` that neither the path nor the body has. */
type Names = Readonly<Record<string, string | number>>;

/**
 * An act of an operator. The shell puts it on record, then does it. If it is refused or fails, its record says so too. `isDone`: it
 * makes what the record is about, so it was done before, and goes on record right after.
 */
export type Act<Body = unknown> = Facts & { names?: Names } & (
    | { act: () => Promise<Result<Answer<Body>>> }
    | { isDone: Answer<Body> }
  );

/** Has the shell do an act after these facts are on record. */
export const acts = <Body>(
  facts: Facts & { names?: Names },
  act: () => Promise<Result<Answer<Body>>>,
): Result<Act<Body>> => ok({ ...facts, act });

/** Has the shell put on record what was made. The record is about what was made, so it could not be written before. */
export const made = <Body>(facts: Facts & { names?: Names }, isDone: Answer<Body>): Result<Act<Body>> =>
  ok({ ...facts, isDone });

export const isAct = (answer: Answer | Act): answer is Act => "act" in answer || "isDone" in answer;

/** Does an act and puts it on record. */
export type Recorder<Caller> = (
  audit: NonNullable<Operation["audit"]>,
  request: Pick<RequestOf<Operation>, "params" | "body" | "requestId">,
  caller: Caller,
  act: Act,
) => Promise<Result<Answer>>;

/** Records the acts of operators in the audit table. */
export function recording(deps: Db<"audit">): Recorder<Operator> {
  return async ({ action, subject }, { params, body, requestId }, operator, act) => {
    const { names, what, before, after } = { before: undefined, after: undefined, ...act };
    const known: Names = { ...(body as Names | undefined), ...(params as Names), ...names };
    const entry: AuditEntry = {
      action: filled(action, known),
      subject: filled(subject, known),
      by: operator.arn,
      at: clock().toISOString(),
      requestId,
      ...(what === undefined ? {} : { what }),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
    if ("act" in act) return recorded(deps, entry, act.act);
    await record(deps, entry);
    return ok(act.isDone);
  };
}

/** Replaces each name in braces by its value. Throws if there is none: a record must not be about nothing. */
function filled(text: string, names: Names): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = names[name];
    if (value === undefined) throw new Error(`no ${name} for ${text}`);
    return String(value);
  });
}
