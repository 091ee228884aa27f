import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { pauseAfter } from "../kernel/again.ts";

/** `platform` is where earlier versions kept what three others hold now. Only the migration knows it. */
export type TableName =
  | "orders"
  | "inventory"
  | "identity"
  | "catalog"
  | "operations"
  | "platform"
  | "ledger"
  | "audit";

/** A database with just the tables that a use case was given. */
export type Db<T extends TableName> = { db: DynamoDBDocumentClient; tables: Record<T, string> };

export type Key = { pk: string; sk: string };
export type Item = Record<string, unknown>;

/**
 * The result of a conditional write. `ok`: it happened. Otherwise `old` is the item that failed the condition
 * (undefined: there is none).
 */
export type Written = { ok: true; item: Item } | { ok: false; old: Item | undefined };

/**
 * Updates an item. On success the result has the item as asked for by `ReturnValues`; if the condition failed, the
 * item as it is.
 */
export async function update(db: DynamoDBDocumentClient, input: UpdateCommandInput): Promise<Written> {
  return refusedAsValue(async () => {
    const answer = await db.send(new UpdateCommand({ ReturnValuesOnConditionCheckFailure: "ALL_OLD", ...input }));
    return answer.Attributes ?? {};
  });
}

/** Puts the item if nothing has its key. */
export async function putNew(db: DynamoDBDocumentClient, table: string, item: Item): Promise<Written> {
  return putIf(db, { TableName: table, Item: item, ConditionExpression: "attribute_not_exists(pk)" });
}

/** Puts the item if its condition holds. */
export async function putIf(db: DynamoDBDocumentClient, input: PutCommandInput & { Item: Item }): Promise<Written> {
  return refusedAsValue(async () => {
    await db.send(new PutCommand({ ReturnValuesOnConditionCheckFailure: "ALL_OLD", ...input }));
    return input.Item;
  });
}

async function refusedAsValue(write: () => Promise<Item>): Promise<Written> {
  try {
    return { ok: true, item: await untilItPasses(write) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The document client translates answers, but not errors.
    return { ok: false, old: error.Item === undefined ? undefined : unmarshall(error.Item) };
  }
}

/** The most writes that DynamoDB takes in one transaction. */
export const WRITES_PER_TRANSACTION = 100;

/** The writes of one transaction, `WRITES_PER_TRANSACTION` at most. */
export type Writes = NonNullable<TransactWriteCommandInput["TransactItems"]>;

/**
 * Writes all of it or nothing. If conditions failed, the result has the indexes of those writes. A caller that makes
 * its writes from a list must bound the list: more than `WRITES_PER_TRANSACTION` throws before anything is sent.
 */
export async function transact(
  db: DynamoDBDocumentClient,
  writes: Writes,
): Promise<{ ok: true } | { ok: false; failed: number[] }> {
  if (writes.length > WRITES_PER_TRANSACTION) throw new Error(`${writes.length} writes are too many for a transaction`);
  try {
    await untilItPasses(() => db.send(new TransactWriteCommand({ TransactItems: writes })));
    return { ok: true };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const failed = reasonsOf(error).flatMap((reason, index) => (reason === "ConditionalCheckFailed" ? [index] : []));
    if (failed.length === 0) throw error;
    return { ok: false, failed };
  }
}

/** Six tries of one write. */
const TRIES = 6;

/**
 * The longest first wait in milliseconds; it doubles with each try (full jitter). Another transaction lives for
 * milliseconds, so a conflict waits 0.6 s in all. A throttled partition needs longer: 3.1 s in all, of the 29 s that
 * a request has.
 */
const FIRST_WAIT_MS = { conflict: 20, throttled: 100 } as const;

/**
 * Tries a write again while DynamoDB says "not now". The SDK doesn't do that: it takes a cancelled transaction for a
 * final answer.
 */
async function untilItPasses<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      const why = notNow(error);
      if (attempt === TRIES || why === undefined) throw error;
      await pauseAfter(attempt, FIRST_WAIT_MS[why]);
    }
  }
}

/** Reasons of a cancelled transaction that mean "not now". With any other reason a repeat can't help. */
const PASSING: Readonly<Record<string, keyof typeof FIRST_WAIT_MS>> = {
  TransactionConflict: "conflict",
  ThrottlingError: "throttled",
  ProvisionedThroughputExceeded: "throttled",
};

/** Says why nothing was written, if the same write may succeed in a moment. Undefined otherwise. */
function notNow(error: unknown): keyof typeof FIRST_WAIT_MS | undefined {
  if (error instanceof TransactionConflictException) return "conflict";
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reasons = reasonsOf(error).filter((reason) => reason !== "None");
  const passing = reasons.map((reason) => PASSING[reason]);
  if (passing.length === 0 || passing.includes(undefined)) return undefined;
  return passing.includes("throttled") ? "throttled" : "conflict";
}

const reasonsOf = ({ CancellationReasons = [] }: TransactionCanceledException): string[] =>
  CancellationReasons.map(({ Code = "None" }) => Code);

/**
 * Tells whether a write failed in all its tries because others held its items, or because DynamoDB throttled it
 * inside a transaction. Nothing was written then. Throttling outside transactions is retried by the SDK and has other
 * names.
 */
export const isNotNow = (error: unknown): boolean => notNow(error) !== undefined;
