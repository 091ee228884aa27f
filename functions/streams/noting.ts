import type { DeadLetterQueue } from "../../shared/dead-letters/catalogue.ts";
import type { Failure, FailureDeps } from "../../shared/dead-letters/failures.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { noted } from "../runtime/batch.ts";
import { errorName } from "../runtime/log.ts";
import type { OrderChange } from "./order-images.ts";

/**
 * The work on a batch of the orders' stream. When it fails, why and whose records they were is noted, for a dead letter says
 * only where in the stream its records lay; then it fails as it would have, and Lambda halves the batch and tries again.
 */
export async function notingFailures(
  deps: FailureDeps,
  queue: DeadLetterQueue,
  changes: readonly OrderChange[],
  aboutOf: (change: OrderChange) => NonNullable<Failure["about"]>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const some = changes.slice(0, LIMITS.failuresNoted);
    await Promise.all(
      some.map((change) => noted(deps, queue, change.sequence, { error: errorName(error), about: aboutOf(change) })),
    );
    throw error;
  }
}
