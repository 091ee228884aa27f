import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type * as z from "zod";
import { CORRELATION_ATTRIBUTE } from "../../shared/aws/send-message.ts";
import type { DeadLetterQueue } from "../../shared/dead-letters/catalogue.ts";
import { type FailureDeps, noteFailure } from "../../shared/dead-letters/failures.ts";
import { correlated } from "../../shared/kernel/correlation.ts";
import { isBusy } from "./busy.ts";
import { type Called, underItsId } from "./correlated.ts";
import { errorName, log } from "./log.ts";
import { countFailure } from "./metrics.ts";

/**
 * The shell of every queue consumer: each message by itself; one that fails stays in the queue and, after its tries, ends
 * in the dead letters, while the others are done. Why it failed is noted, for the operator who finds it there.
 */
export function queueFunction<S extends z.ZodType>(
  consumer: string,
  queue: DeadLetterQueue,
  schema: S,
  failures: FailureDeps,
  handle: (message: z.output<S>) => Promise<void>,
): (event: SQSEvent, called?: Called) => Promise<SQSBatchResponse> {
  const processor = new BatchProcessor(EventType.SQS);
  const one = (record: SQSRecord): Promise<void> =>
    correlated(record.messageAttributes[CORRELATION_ATTRIBUTE]?.stringValue, () => work(record));
  const work = async (record: SQSRecord): Promise<void> => {
    try {
      await handle(schema.parse(JSON.parse(record.body)));
    } catch (error) {
      await messageFailed(failures, consumer, queue, record.messageId, error);
      throw error;
    }
  };
  return underItsId(async (event) => processPartialResponse(event, one, processor, { throwOnFullBatchFailure: false }));
}

/** Logs, counts and notes that a message failed, for the operator who finds it among the dead letters. */
export async function messageFailed(
  failures: FailureDeps,
  consumer: string,
  queue: DeadLetterQueue,
  messageId: string,
  error: unknown,
): Promise<void> {
  log("message_failed", { consumer, messageId, error: errorName(error) }, error);
  if (!isBusy(error)) countFailure(consumer);
  await noted(failures, queue, messageId, { error: errorName(error) });
}

/** Notes a failure; failing at that too must not hide what went wrong first. */
export async function noted(
  deps: FailureDeps,
  queue: DeadLetterQueue,
  id: string,
  failure: Parameters<typeof noteFailure>[3],
): Promise<void> {
  await noteFailure(deps, queue, id, failure).catch((error: unknown) =>
    log("failure_not_noted", { queue, id, error: errorName(error) }, error),
  );
}
