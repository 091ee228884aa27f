import type { Db } from "../aws/dynamo.ts";
import { CORRELATION_ATTRIBUTE } from "../aws/send-message.ts";
import type { ArchiveDeps } from "../events/archive.ts";
import type { EventDeps } from "../events/emit.ts";
import type { News } from "../events/event.ts";
import { publish } from "../events/publish.ts";
import { careForUnfinished } from "../fulfilment/care.ts";
import { noteFailedRun } from "../fulfilment/runs.ts";
import { beginWatch, type WatchQueue } from "../fulfilment/watch.ts";
import type { Clock } from "../kernel/clock.ts";
import { correlated } from "../kernel/correlation.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { BookDeps } from "../ledger/books.ts";
import type { Order } from "../orders/model.ts";
import { settleOrders } from "../orders/settle-orders.ts";
import { readOrder } from "../orders/table.ts";
import { logSales, type SalesLog } from "../restore/sales-log.ts";
import { type DeadLetterQueue, deadLettersOf, messageQueues } from "./catalogue.ts";
import { readFailure } from "./failures.ts";
import { contentsOf, failureIdOf } from "./letter.ts";
import { openQueue, type QueueDeps, type Received } from "./queues.ts";
import type { Failure } from "./table.ts";

export type ReplayDeps = QueueDeps &
  WatchQueue &
  EventDeps &
  ArchiveDeps &
  Db<"orders" | "operations"> &
  BookDeps &
  SalesLog & { clock: Clock };

/**
 * The result of replaying a letter. `kept`: it doesn't say what it was about, and stays for a person. `failed`: it
 * stays, and becomes visible again.
 */
export type Replayed = { id: string; result: "replayed" | "kept" | "failed"; error?: string };

/** A letter that we have taken is hidden from others for longer than a call of ours may last. */
const HIDDEN_SECONDS = 120;

/**
 * Replays at most `max` dead letters: a message goes back to its queue; for a record of the stream its consumer's work
 * is done for its orders; an event is handled. Only then the letter is deleted. A crash in between does the work twice,
 * which is harmless, and never loses it.
 */
export async function replayDeadLetters(deps: ReplayDeps, queue: DeadLetterQueue, max: number): Promise<Replayed[]> {
  const { take, remove } = await openQueue(deps, deadLettersOf(queue));
  const sendBack = messageQueues.some((one) => one === queue) ? (await openQueue(deps, queue)).send : undefined;
  const doIt = (letter: Received) => doAgain(deps, queue, letter, sendBack);
  const replayed: Replayed[] = [];
  const most = Math.min(max, LIMITS.lettersPerReplay);
  while (replayed.length < most) {
    const letters = await take(most - replayed.length, HIDDEN_SECONDS);
    if (letters.length === 0) break;
    for (const letter of letters) replayed.push(await replayOne(letter, doIt, remove));
  }
  return replayed;
}

async function replayOne(
  letter: Received,
  doIt: (letter: Received) => Promise<boolean>,
  remove: (letter: Received) => Promise<void>,
): Promise<Replayed> {
  const id = letter.messageId;
  try {
    // It goes on under the id of the request that it comes from, if its message says so.
    if (!(await correlated(letter.attributes[CORRELATION_ATTRIBUTE], () => doIt(letter))))
      return { id, result: "kept" };
    await remove(letter);
    return { id, result: "replayed" };
  } catch (error) {
    return { id, result: "failed", error: error instanceof Error ? error.name : typeof error };
  }
}

/** Does the work of a letter. False: the letter does not say what there is to do. */
async function doAgain(
  deps: ReplayDeps,
  queue: DeadLetterQueue,
  letter: Received,
  sendBack: ((body: string) => Promise<void>) | undefined,
): Promise<boolean> {
  const contents = contentsOf(queue, letter);
  switch (contents.kind) {
    case "message":
      await sendBack?.(letter.body);
      return sendBack !== undefined;
    case "stream":
      return doOrdersWork(
        deps,
        queue,
        contents.orderIds,
        await readFailure(deps, queue, failureIdOf(contents, letter)),
      );
    case "event":
      if (contents.run !== undefined) await noteFailedRun(deps, contents.run);
      return contents.run !== undefined;
    case "unreadable":
      return false;
  }
}

/**
 * Does what the stream's consumer would do for these orders, as they are now. If a letter names no orders, it starts a
 * watch for each unfinished order that was not looked after in time. Entries that are missing in the log of sales can't
 * be found that way.
 */
async function doOrdersWork(
  deps: ReplayDeps,
  queue: DeadLetterQueue,
  told: readonly string[],
  failure: Failure | undefined,
): Promise<boolean> {
  const { orderIds = told, events = [] } = failure?.about ?? {};
  if (orderIds.length === 0 && queue === "start-fulfilment") {
    await careForUnfinished(deps);
    return true;
  }
  const found = await Promise.all(orderIds.map((id) => readOrder(deps, id)));
  const orders = found.filter((order) => order !== undefined);
  if (orders.length === 0) return false;
  if (queue === "settle-money") await bookAgain(deps, orders);
  else await setInMotion(deps, orders, events);
  return true;
}

async function bookAgain(deps: ReplayDeps, orders: readonly Order[]): Promise<void> {
  const [first] = orders;
  const at = deps.clock().toISOString();
  await logSales(deps, orders, [{ at, sequence: first?.id ?? "" }]);
  await settleOrders(deps, orders);
}

/** Begins the orders' watches, which look at once and start missing runs; then tells what was not told. */
async function setInMotion(deps: ReplayDeps, orders: readonly Order[], news: readonly News[]): Promise<void> {
  for (const { id, correlationId } of orders) await correlated(correlationId, () => beginWatch(deps, id, 0));
  await publish(deps, news, { at: deps.clock().toISOString(), of: orders[0]?.id ?? "" });
}
