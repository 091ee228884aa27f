import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Db } from "../aws/dynamo.ts";
import { type Clock, secondsUntil } from "../kernel/clock.ts";
import { advance } from "../orders/advance.ts";
import type { OrderDeps } from "../orders/deps.ts";
import type { Order } from "../orders/model.ts";
import { plan } from "../orders/plan.ts";
import { isFinal } from "../orders/states.ts";
import { secondsToKeepPromise } from "./overdue.ts";
import { ensureRun, type RunDeps } from "./runs.ts";
import { wakeUp } from "./wake-up.ts";
import { goOnWatching, readWatched, takeOver } from "./watch-turn.ts";

export type WatchQueue = { sqs: SQSClient; watchQueueUrl: string };
export type WatchDeps = Db<"orders"> & WatchQueue & { clock: Clock };

/** `turn`: which message of the order's watch it is. One of an earlier version has none, and counts as a new watch. */
export type Look = { orderId: string; looks: number; turn?: number | undefined };

/** SQS delays a message by at most 15 minutes. */
export const LONGEST_DELAY_SECONDS = 900;

/** Begins the order's watch, which looks at it after so many seconds. One that was going on before ends with its next message. */
export async function beginWatch(deps: WatchDeps, orderId: string, seconds: number, looks = 0): Promise<void> {
  const delay = delayOf(seconds);
  const turn = await takeOver(deps, orderId, delay);
  if (turn !== undefined) await send(deps, { orderId, looks, turn }, delay);
}

/** How long the next message takes. The schedule misses it soon after that, however much later something is due. */
const delayOf = (seconds: number): number => Math.min(seconds, LONGEST_DELAY_SECONDS);

async function send(queue: WatchQueue, look: Look, delay: number): Promise<void> {
  await queue.sqs.send(
    new SendMessageCommand({
      QueueUrl: queue.watchQueueUrl,
      MessageBody: JSON.stringify(look),
      DelaySeconds: delay,
    }),
  );
}

/**
 * One look of the watch: does what is due for an order that stopped half-way, whatever the reason, and what `alsoDue` does; then it
 * arms the next look, until the order is final. Arming comes last and takes its turn: a look that failed, or was delivered twice,
 * has one successor. If even that is lost, the schedule begins a watch anew. Returns the order while somebody is still due.
 */
export async function watchOrder(
  deps: OrderDeps & RunDeps & WatchDeps,
  { orderId, looks, turn }: Look,
  alsoDue: (order: Order) => Promise<void> = async () => undefined,
): Promise<Order | undefined> {
  const seen = await readWatched(deps, orderId);
  if (seen === undefined || (turn !== undefined && seen.turn !== turn)) return undefined;
  if (isFinal(seen.order.state)) return undefined;
  const order = await doWhatIsDue(deps, seen.order);
  if (order === undefined) return undefined;
  await alsoDue(order);
  const delay = delayOf(nextLook(order, looks, deps.clock()));
  if (turn === undefined) await beginWatch(deps, orderId, delay, looks + 1);
  else if (await goOnWatching(deps, orderId, turn, delay))
    await send(deps, { orderId, looks: looks + 1, turn: turn + 1 }, delay);
  return order;
}

async function doWhatIsDue(deps: OrderDeps & RunDeps, found: Order): Promise<Order | undefined> {
  const order = await advance(deps, found);
  // It is over by what we did just now: whoever waits for it may end.
  if (isFinal(order.state)) {
    await wakeUp(deps, order.id);
    return undefined;
  }
  // Nobody works on what is not paid: it is looked at again when its time is over.
  if (order.state === "awaiting_payment") return order;
  // News may have been written down by somebody who died before waking the run: it plans again, and waits again if it must.
  if (!plan(order, deps.clock()).step.startsWith("await_")) await wakeUp(deps, order.id);
  return ensureRun(deps, order);
}

/** Every minute at first, then every fifteen, for a review may take days; and as soon as the order's promise ends. */
function nextLook(order: Order, looks: number, now: Date): number {
  if (order.expiresAt !== undefined && order.state === "awaiting_payment")
    return Math.max(1, secondsUntil(order.expiresAt, now));
  const usual = order.state === "review" || looks > 10 ? LONGEST_DELAY_SECONDS : 60;
  return Math.min(usual, Math.max(1, secondsToKeepPromise(order, now) ?? usual));
}
