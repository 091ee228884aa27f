import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { secondsUntil } from "../kernel/clock.ts";
import { advance } from "../orders/advance.ts";
import type { OrderDeps } from "../orders/deps.ts";
import type { Order } from "../orders/model.ts";
import { plan } from "../orders/plan.ts";
import { isFinal } from "../orders/states.ts";
import { readOrder } from "../orders/table.ts";
import { secondsToKeepPromise } from "./overdue.ts";
import { ensureRun, type RunDeps } from "./runs.ts";
import { wakeUp } from "./wake-up.ts";

export type WatchQueue = { sqs: SQSClient; watchQueueUrl: string };

/** SQS delays a message by at most 15 minutes. */
const LONGEST_DELAY_SECONDS = 900;

/** Looks at the order again after this long. */
export async function armWatch(queue: WatchQueue, orderId: string, seconds: number, looks = 0): Promise<void> {
  await queue.sqs.send(
    new SendMessageCommand({
      QueueUrl: queue.watchQueueUrl,
      MessageBody: JSON.stringify({ orderId, looks }),
      DelaySeconds: Math.min(seconds, LONGEST_DELAY_SECONDS),
    }),
  );
}

/**
 * One look of the watch: does what is due for an order that stopped half-way, whatever the reason, and looks again later
 * until the order is final. A stream record is seen once; this is seen until it is no longer needed. Returns the order while
 * somebody is still due.
 */
export async function watchOrder(
  deps: OrderDeps & RunDeps & WatchQueue,
  { orderId, looks }: { orderId: string; looks: number },
): Promise<Order | undefined> {
  const found = await readOrder(deps, orderId);
  if (found === undefined || isFinal(found.state)) return undefined;
  const order = await advance(deps, found);
  // It is over by what we did just now: whoever waits for it may end.
  if (isFinal(order.state)) {
    await wakeUp(deps, orderId);
    return undefined;
  }
  // Nobody works on what is not paid: it is looked at again when its time is over.
  if (order.state === "awaiting_payment") {
    await armWatch(deps, orderId, nextLook(order, looks, deps.clock()), looks + 1);
    return order;
  }
  // News may have been written down by somebody who died before waking the run: it plans again, and waits again if it must.
  if (!plan(order, deps.clock()).step.startsWith("await_")) await wakeUp(deps, orderId);
  const inHand = await ensureRun(deps, order);
  await armWatch(deps, orderId, nextLook(inHand, looks, deps.clock()), looks + 1);
  return inHand;
}

/** Every minute at first, then every fifteen, for a review may take days; and as soon as the order's promise ends. */
function nextLook(order: Order, looks: number, now: Date): number {
  if (order.expiresAt !== undefined && order.state === "awaiting_payment")
    return Math.max(1, secondsUntil(order.expiresAt, now));
  const usual = order.state === "review" || looks > 10 ? LONGEST_DELAY_SECONDS : 60;
  return Math.min(usual, Math.max(1, secondsToKeepPromise(order, now) ?? usual));
}
