import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db, Item, Key, Writes } from "../aws/dynamo.ts";
import { listedAs } from "../aws/listed.ts";
import { stored } from "../aws/stored.ts";
import { StoredMoney as money } from "../kernel/money.ts";
import { CASE_ENDS, CASE_KINDS, CASE_REASONS, CASE_STATES } from "../orders/cases.ts";
import { SETTINGS } from "../review/table.ts";
import { CASE_ACTIONS, type Case, OPENERS, WAITS_FOR } from "./model.ts";

/** How the keys of cases begin. */
export const CASES = "case#";
export const caseKey = (id: string): Key => ({ pk: `${CASES}${id}`, sk: "case" });

/** How the keys of counts of buyers' cases begin. */
export const CASE_COUNTS = "case-count#";
export const caseCountKey = (buyer: string): Key => ({ pk: `${CASE_COUNTS}${buyer}`, sk: "count" });
/** Where it is counted what was given away for nothing in a month. */
export const spendingKey = (currency: string, now: Date): Key => ({
  pk: `${CASE_COUNTS}compensations#${currency}`,
  sk: now.toISOString().slice(0, 7),
});

/** Where the settings of cases stand, beside those of reviews. */
export const caseSettingsKey: Key = { pk: SETTINGS, sk: "cases" };

const aCase = z.object({
  id: z.string(),
  version: z.int(),
  orderId: z.string(),
  channelId: z.string(),
  kind: z.enum(CASE_KINDS),
  lineId: z.string(),
  tickets: z.array(z.string()).exactOptional(),
  what: z.string(),
  state: z.enum(CASE_STATES),
  openedBy: z.enum(OPENERS),
  openedAt: z.string(),
  worth: money,
  dueAt: z.string().exactOptional(),
  decideBy: z.string(),
  isLate: z.literal(true).exactOptional(),
  waitsFor: z.enum(WAITS_FOR).exactOptional(),
  decision: z
    .object({
      action: z.enum(CASE_ACTIONS),
      reason: z.enum(CASE_REASONS),
      by: z.string(),
      at: z.string(),
      pieces: z.int().exactOptional(),
    })
    .exactOptional(),
  proposal: z
    .object({ substance: z.string(), by: z.string(), person: z.string().exactOptional(), at: z.string() })
    .exactOptional(),
  reason: z.enum(CASE_REASONS).exactOptional(),
  endedAt: z.string().exactOptional(),
  swaps: z.array(z.object({ dead: z.string(), fresh: z.string() })).exactOptional(),
  asked: z
    .object({
      supplierId: z.string(),
      times: z.int(),
      answer: z.string().exactOptional(),
      at: z.string().exactOptional(),
    })
    .exactOptional(),
  correlationId: z.string().exactOptional(),
} satisfies Record<keyof Case, z.ZodType>);

export const cases = stored<Case>("case", aCase);

/** The lists in which cases stand: those that have not ended, by when something is due, and the others, by when they were opened. */
export const OPEN = "cases-open";
export const CLOSED = "cases-closed";

const itemOf = (one: Case): Item => {
  const { id, dueAt, openedAt } = one;
  const listed = dueAt === undefined ? listedAs(CLOSED, `${openedAt}#${id}`) : listedAs(OPEN, `${dueAt}#${id}`);
  return cases.write(caseKey(id), one, listed);
};

type Deps = Db<"operations">;

/** Reads a case, strongly. */
export async function readCase(deps: Deps, id: string): Promise<Case | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: caseKey(id), ConsistentRead: true }),
  );
  return cases.find(found.Item);
}

export const caseIdIn = ({ pk }: Key): string => pk.slice(CASES.length);

export type CaseChange = { [K in keyof Case]?: Case[K] | undefined };

/** Gives a case as it is after a change: members that are undefined are gone. */
export function changedCase(from: Case, change: CaseChange): Case {
  const next = { ...from, ...change, version: from.version + 1 };
  if (CASE_ENDS.some((end) => end === next.state)) delete (next as CaseChange).dueAt;
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as Case;
}

/** Makes the write that puts a case, if it is still of the version before. Version 1: it must be new. */
export function caseWrite(deps: Deps, to: Case): Writes[number] {
  const put = { TableName: deps.tables.operations, Item: itemOf(to) };
  if (to.version === 1) return { Put: { ...put, ConditionExpression: "attribute_not_exists(pk)" } };
  return {
    Put: {
      ...put,
      ConditionExpression: "#version = :from",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: { ":from": to.version - 1 },
    },
  };
}
