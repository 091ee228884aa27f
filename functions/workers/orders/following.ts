import type { DeadLetterQueue } from "../../../shared/dead-letters/catalogue.ts";
import type { FailureDeps } from "../../../shared/dead-letters/failures.ts";
import type { QueueDeps } from "../../../shared/dead-letters/queues.ts";
import { setAside } from "../../../shared/dead-letters/set-aside.ts";
import type { DomainEvent } from "../../../shared/events/catalogue.ts";
import { systemClock } from "../../../shared/kernel/clock.ts";
import { correlated } from "../../../shared/kernel/correlation.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { noted } from "../../runtime/batch.ts";
import { errorName, log } from "../../runtime/log.ts";
import { countFailure } from "../../runtime/metrics.ts";
import type { OrderChange } from "./order-images.ts";

type Deps = FailureDeps & QueueDeps;

/** The work on some changes, and the events that they stand for: the orders, as they will be at a replay, don't know them. */
export type Work = {
  do: (changes: readonly OrderChange[]) => Promise<void>;
  eventsOf?: (changes: readonly OrderChange[]) => DomainEvent[];
};

/**
 * Does the work on a batch of the orders' stream. A batch that fails is tried again by Lambda for as long as the stream keeps its
 * records, and nothing behind it is seen meanwhile. So the changes of an old batch are done one by one: those that fail alone and
 * are ten minutes old are set aside as dead letters, with a note why, and the others go on.
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
    const orderId = change.after.id;
    await noteWhy(deps, queue, [change], work, error);
    await setAside(deps, queue, { sequence: change.sequence, orderIds: [orderId] });
    countFailure(queue);
    log("record_set_aside", { queue, orderId, error: errorName(error) }, error);
  }
}

/** By the machine's time, because the stream's is that too. */
const isOld = ({ at }: OrderChange): boolean =>
  systemClock().getTime() - Date.parse(at) > LIMITS.recordSetAsideSeconds * 1000;

/** Under the place of the first record, which is all that a letter from Lambda says of a batch. */
async function noteWhy(
  deps: Deps,
  queue: DeadLetterQueue,
  changes: readonly OrderChange[],
  { eventsOf }: Work,
  error: unknown,
): Promise<void> {
  const orderIds = [...new Set(changes.map(({ after }) => after.id))];
  const about = { orderIds, events: eventsOf?.(changes) ?? [] };
  await noted(deps, queue, changes[0]?.sequence ?? "", { error: errorName(error), about });
}
