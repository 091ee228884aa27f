import { setTimeout as wait } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";

export type TableName = "orders" | "inventory" | "platform" | "ledger" | "audit";

/** A database with just the tables that a use case was given. */
export type Db<T extends TableName> = { db: DynamoDBDocumentClient; tables: Record<T, string> };

export type Key = { pk: string; sk: string };
export type Item = Record<string, unknown>;

/** A conditional write: it happened, or it did not and `old` is what stood in the way (undefined: nothing there). */
export type Written = { ok: true; item: Item } | { ok: false; old: Item | undefined };

/** The update happened, with the item as asked for by `ReturnValues`; or its condition failed, with the item as it is. */
export async function update(db: DynamoDBDocumentClient, input: UpdateCommandInput): Promise<Written> {
  return refusedAsValue(async () => {
    const answer = await db.send(new UpdateCommand({ ReturnValuesOnConditionCheckFailure: "ALL_OLD", ...input }));
    return answer.Attributes ?? {};
  });
}

/** Puts the item if nothing has its key. */
export async function putNew(db: DynamoDBDocumentClient, table: string, item: Item): Promise<Written> {
  return refusedAsValue(async () => {
    await db.send(
      new PutCommand({
        TableName: table,
        Item: item,
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return item;
  });
}

async function refusedAsValue(write: () => Promise<Item>): Promise<Written> {
  try {
    return { ok: true, item: await throughConflicts(write) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The document client translates answers but not errors.
    return { ok: false, old: error.Item === undefined ? undefined : unmarshall(error.Item) };
  }
}

/** The writes of one transaction, a hundred at most. */
export type Writes = NonNullable<TransactWriteCommandInput["TransactItems"]>;

/** All or nothing. On refusal: which of the writes, by index, failed its condition. */
export async function transact(
  db: DynamoDBDocumentClient,
  writes: Writes,
): Promise<{ ok: true } | { ok: false; failed: number[] }> {
  try {
    await throughConflicts(() => db.send(new TransactWriteCommand({ TransactItems: writes })));
    return { ok: true };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const failed = (error.CancellationReasons ?? []).flatMap((reason, index) =>
      reason.Code === "ConditionalCheckFailed" ? [index] : [],
    );
    if (failed.length === 0) throw error;
    return { ok: false, failed };
  }
}

/** Six tries, 20 to 640 ms apart at most (full jitter): 1.3 s in all, far more than any transaction lives. */
const CONFLICT_TRIES = 6;

/** Another transaction held the item for a moment: nothing happened, so try again. The SDK does not retry these itself. */
async function throughConflicts<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === CONFLICT_TRIES || !isConflict(error)) throw error;
      await wait(Math.random() * 20 * 2 ** (attempt - 1));
    }
  }
}

/** Others held one of the items, each time that it was tried: for certain, nothing happened. */
export function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
  return codes.includes("TransactionConflict") && !codes.includes("ConditionalCheckFailed");
}
