import type { Db } from "../aws/dynamo.ts";
import { correlation } from "../kernel/correlation.ts";
import { newId } from "../kernel/ids.ts";
import { PROBLEMS, type ProblemCode, type Result } from "../kernel/problem.ts";
import { type AuditEntry, type Identified, type Outcome, putEntry, putOutcome } from "./table.ts";

type Deps = Db<"audit">;

/**
 * Writes an entry: before the act, or right after it if the act makes the subject. Each call writes a record of its own,
 * so two of one request at one instant both stand.
 */
export async function record(deps: Deps, entry: AuditEntry): Promise<Identified> {
  const identified = { ...entry, ...correlation(), id: newId("evt") };
  await putEntry(deps, identified);
  return identified;
}

/**
 * Puts an act on record, then does it. If it is refused or fails, the record says so. Without that the entry, which was
 * written before, would read as done.
 */
export async function recorded<T>(deps: Deps, entry: AuditEntry, act: () => Promise<Result<T>>): Promise<Result<T>> {
  const written = await record(deps, entry);
  const done = await act().catch(async (error: unknown) => {
    // The error is more important than the note of it. The entry alone says that the act was begun.
    await putOutcome(deps, written, { unfinished: "internal" }).catch(() => undefined);
    throw error;
  });
  if (!done.ok) await putOutcome(deps, written, outcomeOf(done.code));
  return done;
}

/**
 * Says what became of an act that was not done. A failure on our side may have come after a part was done, so it is
 * `unfinished`.
 */
const outcomeOf = (code: ProblemCode): Outcome =>
  PROBLEMS[code].status < 500 ? { refused: code } : { unfinished: code };

/** Records that somebody is about to see an order's codes. */
export async function recordReveal(
  deps: Deps,
  order: { id: string },
  looker: { keyId: string; sourceIp: string; requestId: string },
  now: Date,
): Promise<void> {
  const { keyId, sourceIp, requestId } = looker;
  await record(deps, {
    subject: order.id,
    at: now.toISOString(),
    action: "codes_revealed",
    by: keyId,
    from: sourceIp,
    requestId,
  });
}
