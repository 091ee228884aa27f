import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { pick } from "../kernel/pick.ts";
import { type AuditRecord, asRecords } from "./table.ts";

/** An outcome lies right behind its entry: read from the newest on, it comes before it. */
const ITEMS_PER_RECORD = 2;

/** Reads a page of the records of one thing, newest first, each with its outcome. `after` is the `next` of the page before. */
export async function listRecords(
  deps: Db<"audit">,
  subject: string,
  limit: number,
  after?: string,
): Promise<{ records: AuditRecord[]; next: string | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.audit,
      KeyConditionExpression: "pk = :subject",
      ExpressionAttributeValues: { ":subject": subject },
      ScanIndexForward: false,
      Limit: limit * ITEMS_PER_RECORD,
      ...(after === undefined ? {} : { ExclusiveStartKey: { pk: subject, sk: after } }),
    }),
  );
  const found = asRecords(page.Items ?? []);
  const shown = found.slice(0, limit);
  const hasMore = found.length > limit || page.LastEvaluatedKey !== undefined;
  return { records: shown.map(({ record }) => allowed(record)), next: hasMore ? (shown.at(-1)?.sk ?? null) : null };
}

const allowed = (record: AuditRecord): AuditRecord =>
  pick(record, [
    "subject",
    "at",
    "action",
    "by",
    "person",
    "requestId",
    "correlationId",
    "from",
    "note",
    "what",
    "before",
    "after",
    "refused",
    "unfinished",
  ]);
