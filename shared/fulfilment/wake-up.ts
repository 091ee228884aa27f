import {
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { DeleteCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { orderKey, readOrder } from "../orders/table.ts";
import { stepAfter, type WorkflowStep } from "./step.ts";
import { WAITS, type Wait, waitKey, waits } from "./table.ts";

export type WakeDeps = Db<"orders"> & { sfn: SFNClient; clock: Clock };

/** What a waiting execution says of itself: its token, its name, what it waits for, and for how long at most. */
export type Waiting = {
  token: string;
  waitingFor: "supplier" | "decision";
  /** A run that an earlier version started says neither of these. */
  execution?: string | undefined;
  seconds?: number | undefined;
};

/** A wait whose time is over is deleted a day later. */
const KEPT_SECONDS = 24 * 3600;

/**
 * Stores the token of a waiting execution, then looks whether news came first. A process that brings news writes it
 * down first and reads the tokens after, so one of the two sees the other.
 */
export async function awaitWakeUp(deps: WakeDeps, orderId: string, { seconds, ...waiting }: Waiting): Promise<void> {
  const now = deps.clock();
  const until = seconds === undefined ? undefined : after(now, seconds);
  const keptSeconds = (seconds ?? LIMITS.decisionSeconds) + KEPT_SECONDS;
  const expiresAtEpoch = Math.ceil(now.getTime() / 1000) + keptSeconds;
  const { token, waitingFor, execution } = waiting;
  const wait: Wait = {
    token,
    waitingFor,
    ...(execution === undefined ? {} : { execution }),
    ...(until === undefined ? {} : { until }),
    since: now.toISOString(),
  };
  const Item = waits.write(waitKey(orderId, token), wait, { expiresAtEpoch });
  await deps.db.send(new PutCommand({ TableName: deps.tables.orders, Item }));
  const next = await nextStep(deps, orderId);
  if (next.step !== `await_${waitingFor}`) await resume(deps, orderId, token, next);
}

/**
 * Tells whether an execution says that it waits for this order, and its time is not over. Then nobody has to ask Step
 * Functions.
 */
export async function isWaitedFor(deps: Db<"orders"> & { clock: Clock }, orderId: string): Promise<boolean> {
  const now = deps.clock().toISOString();
  return (await waitsFor(deps, orderId)).some(({ until }) => until !== undefined && until > now);
}

/** Deletes the waits of an execution that ended without being woken. */
export async function forgetWaits(deps: Db<"orders">, orderId: string, execution: string): Promise<void> {
  for (const wait of await waitsFor(deps, orderId))
    if (wait.execution === execution)
      await deps.db.send(new DeleteCommand({ TableName: deps.tables.orders, Key: waitKey(orderId, wait.token) }));
}

async function waitsFor(deps: Db<"orders">, orderId: string): Promise<Wait[]> {
  const waiting = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      KeyConditionExpression: "pk = :order AND begins_with(sk, :wait)",
      ExpressionAttributeValues: { ":order": orderKey(orderId).pk, ":wait": WAITS },
      ConsistentRead: true,
    }),
  );
  return (waiting.Items ?? []).map(waits.read);
}

/**
 * Wakes every execution that waits for this order and tells it the next step. That step may be old when it arrives, but
 * each step reads the order again before it acts. Returns how many were really waiting.
 */
export async function wakeUp(deps: WakeDeps, orderId: string): Promise<number> {
  const tokens = (await waitsFor(deps, orderId)).map(({ token }) => token);
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
    // The wait or the execution has ended: nobody is there to be woken.
    if (!(error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken))
      throw error;
    woken = false;
  }
  await deps.db.send(new DeleteCommand({ TableName: deps.tables.orders, Key: waitKey(orderId, token) }));
  return woken;
}
