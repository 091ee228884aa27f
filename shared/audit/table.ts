import * as z from "zod";
import { type Db, type Item, type Key, putNew } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import { stored } from "../aws/stored.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { PROBLEM_CODES, type ProblemCode } from "../kernel/problem.ts";

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
  /** The id in the log lines of the request. Records of earlier versions have none. */
  correlationId?: string;
  from?: string;
  note?: string;
  what?: AuditFacts;
  before?: AuditFacts;
  after?: AuditFacts;
};

/** An entry under an id of its own. */
export type Identified = AuditEntry & { id: string };

/**
 * What became of an act that did not go through. `refused`: nothing was changed. `unfinished`: it failed on our side;
 * all, a part or nothing of it may be done.
 */
export type Outcome = { refused: ProblemCode } | { unfinished: ProblemCode };

/** An entry with its outcome. An entry without one was done, or its process died before it could tell. */
export type AuditRecord = AuditEntry & Partial<Record<"refused" | "unfinished", ProblemCode>>;

const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional();

/** Entries, and outcomes, which repeat what identifies their entry. */
const records = stored<AuditRecord>(
  "record",
  z.object({
    subject: z.string(),
    at: z.string(),
    action: z.string(),
    by: z.string(),
    person: z.string().exactOptional(),
    requestId: z.string(),
    correlationId: z.string().exactOptional(),
    from: z.string().exactOptional(),
    note: z.string().exactOptional(),
    what: facts,
    before: facts,
    after: facts,
    refused: z.enum(PROBLEM_CODES).exactOptional(),
    unfinished: z.enum(PROBLEM_CODES).exactOptional(),
  }),
);

/** The keys of records that earlier versions wrote end with the request's id. */
const entryKey = ({ subject, at, requestId, id }: Identified): Key => ({ pk: subject, sk: `${at}#${requestId}#${id}` });

/** The table only grows: an outcome is an item of its own, right behind its entry. */
const OUTCOME = "#outcome";
const outcomeKey = (entry: Identified): Key => ({ pk: entry.subject, sk: `${entryKey(entry).sk}${OUTCOME}` });

/** Another record has this id. Nothing was changed. */
export class RecordTaken extends Error {
  override readonly name = "RecordTaken";
}

/** Writes an entry, once. The same entry may be written again; another one under its id throws `RecordTaken`. */
export async function putEntry(deps: Deps, entry: Identified): Promise<void> {
  await putOnce(deps, entryKey(entry), entry);
}

/** Writes what became of the act of an entry, once. */
export async function putOutcome(deps: Deps, entry: Identified, outcome: Outcome): Promise<void> {
  const { subject, at, action, by, requestId } = entry;
  await putOnce(deps, outcomeKey(entry), { subject, at, action, by, requestId, ...outcome });
}

/** Puts an item if nothing has its key. The SDK repeats a put whose answer was lost: then that very item is there. */
async function putOnce(deps: Deps, key: Key, said: AuditRecord): Promise<void> {
  const item = records.write(key, said);
  const put = await putNew(deps.db, deps.tables.audit, item);
  if (!put.ok && fingerprintOf(put.old) !== fingerprintOf(item)) throw new RecordTaken("a record is written once");
}

/** Reads all records of one thing, oldest first, each with its outcome. */
export async function trailOf(deps: Deps, subject: string): Promise<AuditRecord[]> {
  const items = await queryAll(deps.db, {
    TableName: deps.tables.audit,
    KeyConditionExpression: "pk = :subject",
    ExpressionAttributeValues: { ":subject": subject },
  });
  return asRecords(items).map(({ record }) => record);
}

/** Makes records of the items of one thing, in their order. `sk`: where a record lies. */
export function asRecords(items: readonly Item[]): { sk: string; record: AuditRecord }[] {
  const all = items.map((item) => ({ sk: String(item["sk"]), record: records.read(item) }));
  const outcomes = new Map(all.filter(({ sk }) => sk.endsWith(OUTCOME)).map(({ sk, record }) => [sk, record]));
  return all
    .filter(({ sk }) => !sk.endsWith(OUTCOME))
    .map(({ sk, record }) => ({ sk, record: { ...record, ...outcomes.get(`${sk}${OUTCOME}`) } }));
}
