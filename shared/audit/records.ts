import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-all.ts";
import { PROBLEMS, type ProblemCode, type Result } from "../kernel/problem.ts";

type Deps = Db<"audit">;

/** Facts of a record: ids, names, counts and words from closed lists. */
export type AuditFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * One line of the audit trail: who did what to which thing, when, in which request. `before` and `after`: of something
 * that stood and is changed. `what`: of something that is made, moved or asked for. Never a code, an account or a
 * secret.
 */
export type AuditEntry = {
  subject: string;
  at: string;
  action: string;
  /** The principal, and the person behind it where that is known and counts. */
  by: string;
  person?: string;
  requestId: string;
  from?: string;
  note?: string;
  what?: AuditFacts;
  before?: AuditFacts;
  after?: AuditFacts;
};

/**
 * What became of an act that did not go through. `refused`: nothing was changed. `unfinished`: it failed on our side;
 * all, a part or nothing of it may be done.
 */
type Outcome = { refused: ProblemCode } | { unfinished: ProblemCode };

/** An entry with its outcome. An entry without one was done, or its process died before it could tell. */
export type AuditRecord = AuditEntry & Partial<Record<"refused" | "unfinished", ProblemCode>>;

type EntryKey = Pick<AuditEntry, "subject" | "at" | "requestId">;

/** The request's id in the key makes it one record for each request. */
const keyOf = ({ subject, at, requestId }: EntryKey) => ({ pk: subject, sk: `${at}#${requestId}` });

/** The table only grows: an outcome is an item of its own, right behind its entry. */
const OUTCOME = "#outcome";
const outcomeKeyOf = (entry: EntryKey) => ({ pk: entry.subject, sk: `${keyOf(entry).sk}${OUTCOME}` });

/** Writes an entry: before the act, or right after it if the act makes the subject. */
export async function record(deps: Deps, entry: AuditEntry): Promise<void> {
  await deps.db.send(new PutCommand({ TableName: deps.tables.audit, Item: { ...keyOf(entry), ...entry } }));
}

/**
 * Puts an act on record, then does it. If it is refused or fails, the record says so. Without that the entry, which was
 * written before, would read as done.
 */
export async function recorded<T>(deps: Deps, entry: AuditEntry, act: () => Promise<Result<T>>): Promise<Result<T>> {
  await record(deps, entry);
  const done = await act().catch(async (error: unknown) => {
    // The error is more important than the note of it. The entry alone says that the act was begun.
    await recordOutcome(deps, entry, { unfinished: "internal" }).catch(() => undefined);
    throw error;
  });
  if (!done.ok) await recordOutcome(deps, entry, outcomeOf(done.code));
  return done;
}

/** A failure on our side may come after a part was done. */
const outcomeOf = (code: ProblemCode): Outcome =>
  PROBLEMS[code].status < 500 ? { refused: code } : { unfinished: code };

async function recordOutcome(deps: Deps, entry: AuditEntry, outcome: Outcome): Promise<void> {
  const { subject, at, action, by, requestId } = entry;
  const item = { ...outcomeKeyOf(entry), subject, at, action, by, requestId, ...outcome };
  await deps.db.send(new PutCommand({ TableName: deps.tables.audit, Item: item }));
}

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

/** Reads all records of one thing, oldest first, each with its outcome. */
export async function trailOf(deps: Deps, subject: string): Promise<AuditRecord[]> {
  const items = await queryAll(deps.db, {
    TableName: deps.tables.audit,
    KeyConditionExpression: "pk = :subject",
    ExpressionAttributeValues: { ":subject": subject },
  });
  const records = items.map(({ pk: _pk, sk, ...entry }) => ({ sk: String(sk), entry: entry as AuditRecord }));
  const outcomes = new Map(records.filter(({ sk }) => sk.endsWith(OUTCOME)).map(({ sk, entry }) => [sk, entry]));
  return records
    .filter(({ sk }) => !sk.endsWith(OUTCOME))
    .map(({ sk, entry }) => ({ ...entry, ...outcomes.get(`${sk}${OUTCOME}`) }));
}
