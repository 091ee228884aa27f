import * as z from "zod";
import { DEAD_LETTERS, type DeadLetterQueue } from "./catalogue.ts";
import type { Failure } from "./table.ts";

/** A message in a queue of dead letters, as SQS gives it. */
export type Raw = { messageId: string; body: string; attributes: Record<string, string> };

/** What a letter is about, as far as it says so itself: only ids. */
export type Contents =
  | { kind: "message"; ids: Record<string, string> }
  | { kind: "stream"; sequence: string; condition: string; orderIds: string[] }
  | { kind: "event"; run?: { orderId: string; execution: string; status: string }; error: string }
  | { kind: "unreadable" };

/** A letter as operators see it. */
export type Letter = {
  queue: DeadLetterQueue;
  id: string;
  ids: Record<string, string>;
  /** An error's name, or AWS's word for why it gave up. */
  reason: string;
  tries?: number;
  lastAt?: string;
};

const IDS = ["orderId", "lineId", "supplierId", "eventId", "productId", "importId"];
const Ids = z.record(z.string(), z.unknown()).transform((body) => {
  const known = IDS.flatMap((name) => (typeof body[name] === "string" ? [[name, body[name]]] : []));
  return Object.fromEntries(known) as Record<string, string>;
});

/** Lambda's invocation record for a stream. https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
const StreamRecord = z.object({
  requestContext: z.object({ condition: z.string() }),
  DDBStreamBatchInfo: z.object({ startSequenceNumber: z.string() }),
  /** Only if our own consumer has set the record aside. */
  orderIds: z.array(z.string()).default([]),
});

const FailedRun = z.object({
  detail: z.object({ name: z.string(), status: z.string(), input: z.string() }),
});
/**
 * Lambda's invocation record for an event that its function could not process; or, without one, the event as the rule
 * had it.
 */
const Invocation = z.object({
  requestPayload: FailedRun,
  responsePayload: z.object({ errorType: z.string() }).nullish(),
  requestContext: z.object({ condition: z.string() }),
});

/** Reads a letter, by what its queue holds. An unreadable letter is a letter too. */
export function contentsOf(queue: DeadLetterQueue, { body, attributes }: Raw): Contents {
  const json = parsed(body);
  switch (DEAD_LETTERS[queue]) {
    case "message":
    case "news": {
      const ids = Ids.safeParse(json);
      return ids.success ? { kind: "message", ids: ids.data } : { kind: "unreadable" };
    }
    case "stream": {
      const record = StreamRecord.safeParse(json);
      if (!record.success) return { kind: "unreadable" };
      const { requestContext, DDBStreamBatchInfo: batch, orderIds } = record.data;
      return { kind: "stream", sequence: batch.startSequenceNumber, condition: requestContext.condition, orderIds };
    }
    case "event":
      return eventOf(json, attributes);
  }
}

function eventOf(json: unknown, attributes: Record<string, string>): Contents {
  const invocation = Invocation.safeParse(json);
  const event = invocation.success ? invocation : FailedRun.safeParse(json);
  if (!event.success) return { kind: "unreadable" };
  if (!invocation.success) return { kind: "event", ...runIn(json), error: attributes["ERROR_CODE"] ?? "unknown" };
  const { requestPayload, responsePayload, requestContext } = invocation.data;
  return { kind: "event", ...runIn(requestPayload), error: responsePayload?.errorType ?? requestContext.condition };
}

function runIn(event: unknown): { run?: { orderId: string; execution: string; status: string } } {
  const { detail } = FailedRun.parse(event);
  const orderId = Ids.safeParse(parsed(detail.input)).data?.["orderId"];
  return orderId === undefined ? {} : { run: { orderId, execution: detail.name, status: detail.status } };
}

/** Gives the id under which the consumer noted why it failed. */
export function failureIdOf(contents: Contents, { messageId }: Raw): string {
  return contents.kind === "stream" ? contents.sequence : messageId;
}

export function showLetter(queue: DeadLetterQueue, raw: Raw, contents: Contents, failure?: Failure): Letter {
  const told = contents.kind === "stream" ? contents.orderIds : [];
  const { orderIds = told } = failure?.about ?? {};
  const tried = failure === undefined ? {} : { tries: failure.tries, lastAt: failure.lastAt };
  const ids = { ...idsIn(contents), ...(orderIds.length === 0 ? {} : { orderId: orderIds.join(", ") }) };
  return { queue, id: raw.messageId, ids, reason: failure?.error ?? reasonIn(contents), ...tried };
}

function idsIn(contents: Contents): Record<string, string> {
  if (contents.kind === "message") return contents.ids;
  if (contents.kind === "event" && contents.run !== undefined)
    return { orderId: contents.run.orderId, execution: contents.run.execution };
  return {};
}

/**
 * Gives a reason without a note: the consumer was stopped before it could write one, or had no table. Its log has the
 * id.
 */
function reasonIn(contents: Contents): string {
  if (contents.kind === "event") return contents.error;
  if (contents.kind === "stream") return contents.condition;
  return contents.kind === "unreadable" ? "unreadable" : "unknown";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
