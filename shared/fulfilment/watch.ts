import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Db } from "../aws/dynamo.ts";
import { sendMessage } from "../aws/send-message.ts";
import { type Clock, secondsUntil } from "../kernel/clock.ts";
import { correlateWith } from "../kernel/correlation.ts";
import { advance } from "../orders/advance.ts";
import type { OrderDeps } from "../orders/deps.ts";
import { holdEnds } from "../orders/hold.ts";
import type { Order } from "../orders/model.ts";
import { plan } from "../orders/plan.ts";
import { isFinal } from "../orders/states.ts";
import { isOfItsPayment } from "../orders/unfinished.ts";
import { secondsToKeepPromise } from "./overdue.ts";
import { ensureRun, type RunDeps } from "./runs.ts";
import { wakeUp } from "./wake-up.ts";
import { goOnWatching, readWatched, takeOver } from "./watch-turn.ts";

export type WatchQueue = { sqs: SQSClient; watchQueueUrl: string };
export type WatchDeps = Db<"orders"> & WatchQueue & { clock: Clock };

/**
 * A look of the watch. `turn`: which message of the order's watch it is. A message of an earlier version has none, and
 * counts as a new watch.
 */
export type Look = { orderId: string; looks: number; turn?: number | undefined };

/** SQS delays a message by at most 15 minutes. */
export const LONGEST_DELAY_SECONDS = 900;

/**
 * Tells whether an order needs a watch after a change: it is new, or it has left a final state, as a sale does that is cancelled, or it was
 * looked after by its payment until now.
 */
export const needsWatch = (before: Order | undefined, now: Order): boolean =>
  !isFinal(now.state) &&
  !isOfItsPayment(now) &&
  (before === undefined || isFinal(before.state) || isOfItsPayment(before));

/**
 * Begins the order's watch: its first look comes after `seconds`. A watch that was going on ends with its next message.
 */
export async function beginWatch(deps: WatchDeps, orderId: string, seconds: number, looks = 0): Promise<void> {
  const delay = delayOf(seconds);
  const turn = await takeOver(deps, orderId, delay);
  if (turn !== undefined) await send(deps, { orderId, looks, turn }, delay);
}

/**
 * Gives the delay of the next message. If the message is lost, the schedule finds that soon after, however much later
 * something is due.
 */
const delayOf = (seconds: number): number => Math.min(seconds, LONGEST_DELAY_SECONDS);

async function send(queue: WatchQueue, look: Look, delay: number): Promise<void> {
  await sendMessage(queue.sqs, queue.watchQueueUrl, JSON.stringify(look), delay);
}

/**
 * Does one look of the watch: whatever is due for an order that stopped half-way, and what `alsoDue` does. Then it
 * sends the next message, until the order is final. That comes last and takes the turn, so a look that failed, or came
 * twice, has one successor. If even that message is lost, the schedule begins a new watch. Returns the order while
 * somebody is still due.
 */
export async function watchOrder(
  deps: OrderDeps & RunDeps & WatchDeps,
  { orderId, looks, turn }: Look,
  alsoDue: (order: Order) => Promise<void> = async () => undefined,
): Promise<Order | undefined> {
  const seen = await readWatched(deps, orderId);
  if (seen === undefined || (turn !== undefined && seen.turn !== turn)) return undefined;
  if (isFinal(seen.order.state)) return undefined;
  correlateWith(seen.order);
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
  // The order is final by what we did just now: runs that wait for it may end.
  if (isFinal(order.state)) {
    await wakeUp(deps, order.id);
    return undefined;
  }
  // Nobody works on an unpaid order; it is looked at again when its time is over.
  if (order.state === "awaiting_payment") return order;
  // A process may have written news down and died before it woke the run. The run plans again, and waits again if it
  // must.
  if (!plan(order, deps.clock()).step.startsWith("await_")) await wakeUp(deps, order.id);
  return ensureRun(deps, order);
}

/**
 * Gives the seconds until the next look: a minute at first, later fifteen, because a review may take days; and at the
 * moment at which the order's promise ends.
 */
function nextLook(order: Order, looks: number, now: Date): number {
  if (order.state === "awaiting_payment") {
    // Whoever follows its payments gives it up earlier, when all of them are closed.
    const { expiresAt = now.toISOString() } = order;
    const next = expiresAt > now.toISOString() ? expiresAt : (holdEnds(order) ?? expiresAt);
    return Math.max(1, secondsUntil(next, now));
  }
  const usual = order.state === "review" || looks > 10 ? LONGEST_DELAY_SECONDS : 60;
  return Math.min(usual, Math.max(1, secondsToKeepPromise(order, now) ?? usual));
}
