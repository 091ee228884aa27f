import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-all.ts";

type Deps = Db<"audit">;

/** Ids, names, counts and words from closed lists. */
export type AuditFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * One line of the audit trail: who did what to which thing, when, in which request; what it was before and is after, where something
 * that stood is changed; and `what` is made, moved or asked for. Never a code, an account or a secret.
 */
export type AuditRecord = {
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

/** Writes a record before the thing it tells of happens. The request's id makes it one record per request. */
export async function record(deps: Deps, entry: AuditRecord): Promise<void> {
  await deps.db.send(
    new PutCommand({
      TableName: deps.tables.audit,
      Item: { pk: entry.subject, sk: `${entry.at}#${entry.requestId}`, ...entry },
    }),
  );
}

/** Somebody is about to see an order's codes again. */
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

/** All records of one thing, oldest first. */
export async function trailOf(deps: Deps, subject: string): Promise<AuditRecord[]> {
  const records = await queryAll(deps.db, {
    TableName: deps.tables.audit,
    KeyConditionExpression: "pk = :subject",
    ExpressionAttributeValues: { ":subject": subject },
  });
  return records.map(({ pk: _pk, sk: _sk, ...entry }) => entry as AuditRecord);
}
