import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Order, Review } from "../orders/model.ts";
import { plan } from "../orders/plan.ts";
import { isFinal, isUnwinding } from "../orders/states.ts";
import { moveOrder, readOrder } from "../orders/table.ts";
import { forgetWaits, isWaitedFor } from "./wake-up.ts";

export type RunDeps = { sfn: SFNClient; workflowArn: string };

export const runName = (order: Pick<Order, "id" | "run">): string => `${order.id}-${order.run}`;

/** Starts the order's present run, once: its name is taken for 90 days. Only ids are sent. */
export async function startRun(
  deps: RunDeps,
  { correlationId, ...order }: Pick<Order, "id" | "run" | "correlationId">,
): Promise<void> {
  try {
    await deps.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: deps.workflowArn,
        name: runName(order),
        input: JSON.stringify({ orderId: order.id, run: order.run, correlationId }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

/**
 * Asks for the order's next run: the stream's reader sees the number rise and starts it. A review stays until there is
 * progress.
 */
export async function nextRun(deps: Db<"orders"> & { clock: Clock }, order: Order): Promise<Order> {
  return (await moveOrder(deps, order, { run: order.run + 1 })).order;
}

/**
 * Makes sure that a run works on an order that isn't final. A run that never started is started. One that ended
 * although the order did not is followed by the next, some time after it failed. Returns the order as it then is.
 */
export async function ensureRun(deps: Db<"orders"> & RunDeps & { clock: Clock }, order: Order): Promise<Order> {
  // Step Functions answers about fifteen such questions a second, so it isn't asked about orders that say themselves
  // that they wait.
  if (plan(order, deps.clock()).step === "pause" || (await isWaitedFor(deps, order.id))) return order;
  const run = await describe(deps, order);
  if (run === undefined) {
    await startRun(deps, order);
    return order;
  }
  if (run.status === "RUNNING" || run.status === "PENDING_REDRIVE") return order;
  const endedAt = run.stopDate?.getTime() ?? 0;
  const isTooSoon = deps.clock().getTime() - endedAt < secondsToRestart(order, endedAt) * 1000;
  return isTooSoon ? order : nextRun(deps, order);
}

/**
 * Gives the time until the next run: as long as the order has been broken, within limits. What is broken for days need
 * not ring every ten minutes.
 */
function secondsToRestart({ review }: Order, endedAt: number): number {
  const brokenFor = review === undefined ? 0 : (endedAt - Date.parse(review.since)) / 1000;
  return Math.min(Math.max(brokenFor, LIMITS.restartAfterSeconds), LIMITS.longestRestartSeconds);
}

async function describe(deps: RunDeps, order: Order) {
  const executionArn = `${deps.workflowArn.replace(":stateMachine:", ":execution:")}:${runName(order)}`;
  try {
    return await deps.sfn.send(new DescribeExecutionCommand({ executionArn }));
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}

type FailedRun = { orderId: string; execution: string; status: string };

/**
 * Puts the order of a failed run before a person, who sees where it failed. Progress by any other way ends that review.
 * The next run doesn't: if it breaks too, it is the same review, as old as the first.
 */
export async function noteFailedRun(deps: Db<"orders"> & { clock: Clock }, failed: FailedRun): Promise<void> {
  await forgetWaits(deps, failed.orderId, failed.execution);
  for (;;) {
    const order = await readOrder(deps, failed.orderId);
    if (order === undefined || isFinal(order.state) || isUnwinding(order.state) || order.state === "open") return;
    const review = brokenReview(order.review, failed, deps.clock());
    if (review === undefined) return;
    if ((await moveOrder(deps, order, { state: "review", review })).ok) return;
  }
}

/** Gives the review of a broken run. Undefined: a line waits for a person already, or this run's end was noted. */
function brokenReview(before: Review | undefined, { execution, status }: FailedRun, now: Date): Review | undefined {
  if (before !== undefined && (before.execution === undefined || before.execution === execution)) return undefined;
  return { since: now.toISOString(), ...before, reason: `workflow_${status.toLowerCase()}`, execution };
}
