import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import type { DomainEvent, News } from "../events/event.ts";
import type { DeadLetterQueue } from "./catalogue.ts";

/** How the keys of all reasons begin. */
export const FAILURES = "failure#";
export const failureKey = (queue: DeadLetterQueue, id: string): Key => ({ pk: `${FAILURES}${queue}`, sk: id });

const has = (value: unknown, name: string): boolean => typeof value === "object" && value !== null && name in value;
/** Earlier versions noted events one by one, without numbers. */
const alone = z
  .custom<DomainEvent>((value) => has(value, "type"))
  .transform((event): News => ({ subject: event.occasion, events: [event] }));
const news = z.union([z.custom<News>((value) => has(value, "subject")), alone]);

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
   * For records of the orders' stream, which the letter does not hold: their orders, and the news that was still to be
   * told.
   */
  about: z
    .object({ orderIds: z.array(z.string()).exactOptional(), events: z.array(news).exactOptional() })
    .exactOptional(),
});
export type Failure = z.infer<typeof failure>;
export const failures = stored("reason of a failure", failure);
