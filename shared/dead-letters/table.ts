import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import type { DomainEvent } from "../events/catalogue.ts";
import type { DeadLetterQueue } from "./catalogue.ts";

/** How the keys of all reasons begin. */
export const FAILURES = "failure#";
export const failureKey = (queue: DeadLetterQueue, id: string): Key => ({ pk: `${FAILURES}${queue}`, sk: id });

const event = z.custom<DomainEvent>((value) => typeof value === "object" && value !== null && "type" in value);

/**
 * Why a message, or a record of a stream, could not be processed. A dead letter can't carry its reason: SQS moves the
 * message as it is, and Lambda sends only the place of a record. So the consumer writes the reason here, under the id
 * that the letter will have. It goes some days after the letter.
 */
const failure = z.object({
  /** The error's name: never its message, which may quote values. */
  error: z.string(),
  /** How many tries failed, for any reason. The last error is stored. */
  tries: z.int(),
  lastAt: z.string(),
  /**
   * For records of the orders' stream, which the letter does not hold: their orders, and the events that were still to
   * be told.
   */
  about: z
    .object({ orderIds: z.array(z.string()).exactOptional(), events: z.array(event).exactOptional() })
    .exactOptional(),
});
export type Failure = z.infer<typeof failure>;
export const failures = stored("reason of a failure", failure);
