import {
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { DeleteCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db, Key } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { sha256 } from "../kernel/ids.ts";
import { orderKey, readOrder } from "../orders/table.ts";
import { stepAfter, type WorkflowStep } from "./step.ts";

export type WakeDeps = Db<"orders"> & { sfn: SFNClient; clock: Clock };

/** Each waiting execution has an item of its own beside the order: reruns may wait side by side. */
const waitKey = (orderId: string, token: string): Key => ({
  ...orderKey(orderId),
  sk: `wait#${sha256(token).slice(0, 16)}`,
});

/**
 * Stores the token of a waiting execution, then looks whether the news was faster than the token: whoever brings news
 * writes it down first and reads the tokens after, so one of the two sees the other.
 */
export async function awaitWakeUp(
  deps: WakeDeps,
  orderId: string,
  token: string,
  waitingFor: "supplier" | "decision",
): Promise<void> {
  await deps.db.send(
    new PutCommand({
      TableName: deps.tables.orders,
      Item: { ...waitKey(orderId, token), token, waitingFor, since: deps.clock().toISOString() },
    }),
  );
  const next = await nextStep(deps, orderId);
  if (next.step !== `await_${waitingFor}`) await resume(deps, orderId, token, next);
}

/**
 * Wakes every execution that waits for this order, and tells it what is next: old news by the time it is heard, perhaps, but
 * each step looks at the order again before it does anything. Returns how many were really waiting.
 */
export async function wakeUp(deps: WakeDeps, orderId: string): Promise<number> {
  const waiting = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      KeyConditionExpression: "pk = :order AND begins_with(sk, :wait)",
      ExpressionAttributeValues: { ":order": orderKey(orderId).pk, ":wait": "wait#" },
      ConsistentRead: true,
    }),
  );
  const tokens = (waiting.Items ?? []).map((item) => String(item["token"]));
  if (tokens.length === 0) return 0;
  const next = await nextStep(deps, orderId);
  const woken = await Promise.all(tokens.map((token) => resume(deps, orderId, token, next)));
  return woken.filter(Boolean).length;
}

async function nextStep(deps: WakeDeps, orderId: string): Promise<WorkflowStep> {
  const order = await readOrder(deps, orderId);
  return order === undefined ? { step: "done" } : stepAfter(order, deps.clock());
}

async function resume(deps: WakeDeps, orderId: string, token: string, next: WorkflowStep): Promise<boolean> {
  let woken = true;
  try {
    await deps.sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(next) }));
  } catch (error) {
    // The wait ended by itself, or the execution did: nobody is there to be woken.
    if (!(error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken))
      throw error;
    woken = false;
  }
  await deps.db.send(new DeleteCommand({ TableName: deps.tables.orders, Key: waitKey(orderId, token) }));
  return woken;
}
