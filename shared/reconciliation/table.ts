import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db, Key, Writes } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { FIELDS } from "./match.ts";
import {
  type Accepted,
  DIFFERENCES,
  type Difference,
  RECONCILIATION_STATES,
  type Reconciliation,
  TODOS,
} from "./model.ts";

/** How the keys of reconciliations begin. */
export const RECONCILIATIONS = "reconciliation#";
const reconciliationKey = (provider: string, day: string): Key => ({ pk: `${RECONCILIATIONS}${provider}`, sk: day });

const sums = z.record(z.string(), z.int());
const figures = z.object({ amount: z.int(), feeThousandths: z.int(), currency: z.string(), at: z.string() });

const difference = z.object({
  is: z.enum(DIFFERENCES),
  todo: z.enum(TODOS),
  kind: z.string().exactOptional(),
  name: z.string().exactOptional(),
  externalId: z.string().exactOptional(),
  occurrence: z.int().exactOptional(),
  in: z.array(z.enum(FIELDS)).exactOptional(),
  ours: figures.exactOptional(),
  theirs: figures.exactOptional(),
  line: z.int().exactOptional(),
  reason: z.string().exactOptional(),
} satisfies Record<keyof Difference, z.ZodType>);

const counts = z.object({ lines: z.int(), matched: z.int(), ...fromKinds() });

function fromKinds() {
  return {
    different: z.int(),
    missing_here: z.int(),
    missing_there: z.int(),
    other_day: z.int(),
    unreadable: z.int(),
    other_closing: z.int(),
  };
}

const reconciliations = stored<Reconciliation>(
  "reconciliation",
  z.object({
    provider: z.string(),
    day: z.string(),
    version: z.int(),
    state: z.enum(RECONCILIATION_STATES),
    lookedAt: z.string(),
    lookAt: z.string().exactOptional(),
    reason: z.string().exactOptional(),
    hash: z.string().exactOptional(),
    kept: z.int().exactOptional(),
    counts,
    first: z.array(difference),
    differences: z.object({ name: z.string(), parts: z.int() }).exactOptional(),
    accepted: z
      .record(
        z.string(),
        z.object({
          is: z.enum(DIFFERENCES),
          name: z.string().exactOptional(),
          reason: z.string(),
          by: z.string(),
          at: z.string(),
        } satisfies Record<keyof Accepted, z.ZodType>),
      )
      .exactOptional(),
    fees: sums,
    payouts: sums,
    booked: z.object({ fees: sums, payouts: sums, entries: z.int() }),
    account: sums.exactOptional(),
    moved: sums.exactOptional(),
    closing: sums.exactOptional(),
  } satisfies Record<keyof Reconciliation, z.ZodType>),
);

/** Reads a provider's day, strongly. Undefined: nobody has looked at it. */
export async function readReconciliation(
  deps: Db<"operations">,
  provider: string,
  day: string,
): Promise<Reconciliation | undefined> {
  const found = await deps.db.send(
    new GetCommand({
      TableName: deps.tables.operations,
      Key: reconciliationKey(provider, day),
      ConsistentRead: true,
    }),
  );
  return reconciliations.find(found.Item);
}

/** Reads the days of a provider from one to another, both included, the newest first: at most a megabyte of them, which is some months. */
export async function reconciliationsBetween(
  deps: Db<"operations">,
  provider: string,
  from: string,
  to: string,
): Promise<Reconciliation[]> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.operations,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
      ExpressionAttributeValues: { ":pk": `${RECONCILIATIONS}${provider}`, ":from": from, ":to": to },
      ScanIndexForward: false,
      ConsistentRead: true,
    }),
  );
  return (page.Items ?? []).map(reconciliations.read);
}

/** Makes the write that puts a day, if it is still of version `from`. `from` 0: nobody has looked at it. */
export function reconciliationWrite(deps: Db<"operations">, to: Reconciliation, from: number): Writes[number] {
  const Item = reconciliations.write(reconciliationKey(to.provider, to.day), to);
  const put = { TableName: deps.tables.operations, Item };
  if (from === 0) return { Put: { ...put, ConditionExpression: "attribute_not_exists(pk)" } };
  return {
    Put: {
      ...put,
      ConditionExpression: "#version = :from",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: { ":from": from },
    },
  };
}
