import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { DeadLetterQueue } from "./catalogue.ts";
import { type Failure, failureKey, failures } from "./table.ts";

export type FailureDeps = Db<"operations"> & { clock: Clock };

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
    UpdateExpression:
      "SET #error = :error, lastAt = :now, about = :about, expiresAtEpoch = :end, v = :v ADD tries :one",
    ExpressionAttributeNames: { "#error": "error" },
    ExpressionAttributeValues: {
      ":error": error,
      ":now": now.toISOString(),
      ":about": about ?? {},
      ":end": Math.floor(now.getTime() / 1000) + LIMITS.failureKeptSeconds,
      ":one": 1,
      ":v": failures.version,
    },
  });
}

export async function readFailure(
  deps: Db<"operations">,
  queue: DeadLetterQueue,
  id: string,
): Promise<Failure | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key: failureKey(queue, id) }));
  return failures.find(found.Item);
}
