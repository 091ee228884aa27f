import type { DynamoDBStreamEvent } from "aws-lambda";
import type { DeadLetterQueue } from "../../../shared/dead-letters/catalogue.ts";
import type { FailureDeps } from "../../../shared/dead-letters/failures.ts";
import type { QueueDeps } from "../../../shared/dead-letters/queues.ts";
import { setAside } from "../../../shared/dead-letters/set-aside.ts";
import type { News } from "../../../shared/events/event.ts";
import { systemClock } from "../../../shared/kernel/clock.ts";
import { correlated } from "../../../shared/kernel/correlation.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { noted } from "../../runtime/batch.ts";
import { type Called, underItsId } from "../../runtime/correlated.ts";
import { errorName, log } from "../../runtime/log.ts";
import { countFailure } from "../../runtime/metrics.ts";
import { type DamagedRecord, type OrderChange, orderChanges } from "./order-images.ts";

type Deps = FailureDeps & QueueDeps;

/** The work on some changes, and the news that they stand for: the orders, as they will be at a replay, don't know it. */
export type Work = {
  do: (changes: readonly OrderChange[]) => Promise<void>;
  newsOf?: (changes: readonly OrderChange[]) => News[];
};

/** Makes the Lambda handler of a function that works on the orders' stream. */
export const orderStreamFunction = (
  deps: Deps,
  queue: DeadLetterQueue,
  work: Work,
): ((event: DynamoDBStreamEvent, called?: Called) => Promise<void>) =>
  underItsId(async (event) => {
    const { changes, damaged } = orderChanges(event);
    await followingOrders(deps, queue, changes, work);
    for (const record of damaged) await putAside(deps, queue, record);
  });

/**
 * Works on a batch of the orders' stream. Lambda repeats a batch that fails for as long as the stream keeps its
 * records, and no later record is seen meanwhile. So the changes of a batch that is ten minutes old are worked on one
 * by one. Those that fail are set aside as dead letters, with a note why, and the others go on.
 */
export async function followingOrders(
  deps: Deps,
  queue: DeadLetterQueue,
  changes: readonly OrderChange[],
  work: Work,
): Promise<void> {
  try {
    await work.do(changes);
  } catch (error) {
    const [first] = changes;
    if (first === undefined) throw error;
    await noteWhy(deps, queue, changes, work, error);
    if (!isOld(first)) throw error;
    for (const change of changes)
      await correlated(change.after.correlationId, () => doAlone(deps, queue, change, work));
  }
}

async function doAlone(deps: Deps, queue: DeadLetterQueue, change: OrderChange, work: Work): Promise<void> {
  try {
    await work.do([change]);
  } catch (error) {
    if (!isOld(change)) throw error;
    await noteWhy(deps, queue, [change], work, error);
    await putAside(deps, queue, { sequence: change.sequence, orderId: change.after.id, error });
  }
}

/** Makes a dead letter of a record, so that the others go on. A record that does not parse is not tried again: it never will. */
async function putAside(
  deps: Deps,
  queue: DeadLetterQueue,
  { sequence, orderId, error }: DamagedRecord,
): Promise<void> {
  await setAside(deps, queue, { sequence, orderIds: [orderId] });
  countFailure(queue);
  log("record_set_aside", { queue, orderId, error: errorName(error) }, error);
}

/** Tells whether a change is old. It compares with the machine's time, because the stream's times are that too. */
const isOld = ({ at }: OrderChange): boolean =>
  systemClock().getTime() - Date.parse(at) > LIMITS.recordSetAsideSeconds * 1000;

/** Notes why a batch failed, under the place of its first record: a letter from Lambda says nothing else of a batch. */
async function noteWhy(
  deps: Deps,
  queue: DeadLetterQueue,
  changes: readonly OrderChange[],
  { newsOf }: Work,
  error: unknown,
): Promise<void> {
  const orderIds = [...new Set(changes.map(({ after }) => after.id))];
  const about = { orderIds, events: newsOf?.(changes) ?? [] };
  await noted(deps, queue, changes[0]?.sequence ?? "", { error: errorName(error), about });
}
