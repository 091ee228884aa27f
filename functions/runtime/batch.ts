import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type * as z from "zod";
import { errorName, log } from "./log.ts";

/**
 * The shell of every queue consumer: each message by itself; one that fails stays in the queue and, after its tries, ends
 * in the dead letters, while the others are done.
 */
export function queueFunction<S extends z.ZodType>(
  consumer: string,
  schema: S,
  handle: (message: z.output<S>) => Promise<void>,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const processor = new BatchProcessor(EventType.SQS);
  const one = async (record: SQSRecord): Promise<void> => {
    try {
      await handle(schema.parse(JSON.parse(record.body)));
    } catch (error) {
      log("message_failed", { consumer, messageId: record.messageId, error: errorName(error) }, error);
      throw error;
    }
  };
  return async (event) => processPartialResponse(event, one, processor, { throwOnFullBatchFailure: false });
}
