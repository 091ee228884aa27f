import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, type Key, update } from "../aws/dynamo.ts";
import type { DomainEvent } from "../events/catalogue.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { DeadLetterQueue } from "./catalogue.ts";

/**
 * Why a message, or a record of a stream, could not be processed. A dead letter can't carry its reason: SQS moves the
 * message as it is, and Lambda sends only the place of a record. So the consumer writes the reason here, under the id
 * that the letter will have. It goes some days after the letter.
 */
export type Failure = {
  /** The error's name: never its message, which may quote values. */
  error: string;
  /** How many tries failed, for any reason. The last error is stored. */
  tries: number;
  lastAt: string;
  /**
   * For records of the orders' stream, which the letter does not hold: their orders, and the events that were still to
   * be told.
   */
  about?: { orderIds: string[]; events?: DomainEvent[] };
};

export type FailureDeps = Db<"operations"> & { clock: Clock };

/** How the keys of all notes begin: a role may be allowed to write these and nothing else of the table. */
export const FAILURES = "failure#";
const failureKey = (queue: DeadLetterQueue, id: string): Key => ({ pk: `${FAILURES}${queue}`, sk: id });

/**
 * Notes one more failed try. Two writes for one try count as two: it is a number for people, and nothing depends on it.
 */
export async function noteFailure(
  deps: FailureDeps,
  queue: DeadLetterQueue,
  id: string,
  { error, about }: Pick<Failure, "error" | "about">,
): Promise<void> {
  const now = deps.clock();
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: failureKey(queue, id),
    UpdateExpression: "SET #error = :error, lastAt = :now, about = :about, expiresAtEpoch = :end ADD tries :one",
    ExpressionAttributeNames: { "#error": "error" },
    ExpressionAttributeValues: {
      ":error": error,
      ":now": now.toISOString(),
      ":about": about ?? {},
      ":end": Math.floor(now.getTime() / 1000) + LIMITS.failureKeptSeconds,
      ":one": 1,
    },
  });
}

export async function readFailure(
  deps: Db<"operations">,
  queue: DeadLetterQueue,
  id: string,
): Promise<Failure | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key: failureKey(queue, id) }));
  return found.Item as Failure | undefined;
}
