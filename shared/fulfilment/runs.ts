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
import type { Order } from "../orders/model.ts";
import { isFinal, isUnwinding } from "../orders/states.ts";
import { moveOrder, readOrder } from "../orders/table.ts";
import { settled } from "./outcome.ts";

export type RunDeps = { sfn: SFNClient; workflowArn: string };

export const runName = (order: Pick<Order, "id" | "run">): string => `${order.id}-${order.run}`;

/** Starts the order's present run, once: the name is taken for 90 days. Only ids travel. */
export async function startRun(deps: RunDeps, order: Pick<Order, "id" | "run">): Promise<void> {
  try {
    await deps.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: deps.workflowArn,
        name: runName(order),
        input: JSON.stringify({ orderId: order.id, run: order.run }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

/** The next run: the orders table's stream sees the number rise and starts it. A review of the run before is over. */
export async function nextRun(deps: Db<"orders"> & { clock: Clock }, order: Order): Promise<Order> {
  const change = isUnwinding(order.state) ? {} : settled(order, order.lines, deps.clock());
  return (await moveOrder(deps, order, { ...change, run: order.run + 1 })).order;
}

/**
 * Makes sure that somebody is working on an order that isn't final: a run that never started is started; one that ended
 * although the order did not is followed by the next, a while after it went wrong.
 */
export async function ensureRun(deps: Db<"orders"> & RunDeps & { clock: Clock }, order: Order): Promise<void> {
  const run = await describe(deps, order);
  if (run === undefined) return startRun(deps, order);
  if (run.status === "RUNNING" || run.status === "PENDING_REDRIVE") return;
  const endedAt = run.stopDate?.getTime() ?? 0;
  if (deps.clock().getTime() - endedAt < LIMITS.restartAfterSeconds * 1000) return;
  await nextRun(deps, order);
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

/** A run ended in red: the order goes before a person, who sees where. Its progress by any other way ends that review. */
export async function noteFailedRun(
  deps: Db<"orders"> & { clock: Clock },
  failed: { orderId: string; execution: string; status: string },
): Promise<void> {
  for (;;) {
    const order = await readOrder(deps, failed.orderId);
    if (order === undefined || isFinal(order.state) || isUnwinding(order.state) || order.state === "open") return;
    if (order.review !== undefined) return;
    const review = {
      reason: `workflow_${failed.status.toLowerCase()}`,
      since: deps.clock().toISOString(),
      execution: failed.execution,
    };
    if ((await moveOrder(deps, order, { state: "review", review })).ok) return;
  }
}
