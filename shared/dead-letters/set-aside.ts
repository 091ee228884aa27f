import { type DeadLetterQueue, deadLettersOf } from "./catalogue.ts";
import { openQueue, type QueueDeps } from "./queues.ts";

/** Stands where Lambda says why it gave a record up. */
const SET_ASIDE = "SetAside";

/**
 * Puts a record of the orders' stream among the dead letters, as Lambda does with one that it gives up; but this letter
 * says which orders it is about.
 */
export async function setAside(
  deps: QueueDeps,
  queue: DeadLetterQueue,
  { sequence, orderIds }: { sequence: string; orderIds: readonly string[] },
): Promise<void> {
  const letter = {
    requestContext: { condition: SET_ASIDE },
    DDBStreamBatchInfo: { startSequenceNumber: sequence },
    orderIds,
  };
  const { send } = await openQueue(deps, deadLettersOf(queue));
  await send(JSON.stringify(letter));
}
