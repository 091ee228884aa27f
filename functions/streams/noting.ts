import type { DeadLetterQueue } from "../../shared/dead-letters/catalogue.ts";
import type { FailureDeps } from "../../shared/dead-letters/failures.ts";
import type { DomainEvent } from "../../shared/events/catalogue.ts";
import { noted } from "../runtime/batch.ts";
import { errorName } from "../runtime/log.ts";
import type { OrderChange } from "./order-images.ts";

/**
 * The work on a batch of the orders' stream. When it fails, why and whose records they were is noted under the first one's
 * place, for that is all that a dead letter says of them; then it fails as it would have, and Lambda halves the batch and
 * tries again. `events` are those that the changes stand for: the orders, as they will be at a replay, don't know them.
 */
export async function notingFailures(
  deps: FailureDeps,
  queue: DeadLetterQueue,
  changes: readonly OrderChange[],
  work: () => Promise<void>,
  events: DomainEvent[] = [],
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const [first] = changes;
    const orderIds = [...new Set(changes.map(({ after }) => after.id))];
    const about = { orderIds, events };
    if (first !== undefined) await noted(deps, queue, first.sequence, { error: errorName(error), about });
    throw error;
  }
}
