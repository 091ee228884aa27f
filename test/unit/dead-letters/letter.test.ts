import { describe, expect, test } from "vitest";
import type { DeadLetterQueue } from "../../../shared/dead-letters/catalogue.ts";
import { contentsOf, failureIdOf, type Raw, showLetter } from "../../../shared/dead-letters/letter.ts";

const raw = (body: unknown, attributes: Record<string, string> = {}): Raw => ({
  messageId: "message-1",
  body: typeof body === "string" ? body : JSON.stringify(body),
  attributes,
});
const show = (queue: DeadLetterQueue, letter: Raw, failure?: Parameters<typeof showLetter>[3]) =>
  showLetter(queue, letter, contentsOf(queue, letter), failure);

/** As Lambda documents what it sends for a stream's records: docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
const givenUp = {
  requestContext: {
    requestId: "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",
    functionArn: "arn:aws:lambda:us-east-2:123456789012:function:myfunction",
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 1,
  },
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  version: "1.0",
  timestamp: "2019-11-14T00:13:49.717Z",
  DDBStreamBatchInfo: {
    shardId: "shardId-00000001573689847184-864758bb",
    startSequenceNumber: "800000000003126276362",
    endSequenceNumber: "800000000003126276362",
    approximateArrivalOfFirstRecord: "2019-11-14T00:13:19Z",
    approximateArrivalOfLastRecord: "2019-11-14T00:13:19Z",
    batchSize: 1,
    streamArn: "arn:aws:dynamodb:us-east-2:123456789012:table/mytable/stream/2019-11-14T00:04:06.388",
  },
};

const failedRun = {
  source: "aws.states",
  detail: { name: "ord_1-1", status: "FAILED", input: '{"orderId":"ord_1","run":1}' },
};

describe("a dead letter says what it is about and why it is here:", () => {
  test("a message, by its ids and nothing else, with what its consumer noted", () => {
    const letter = raw({ supplierId: "sup_1", eventId: "evt_1", secret: "SECRET" });
    expect(failureIdOf(contentsOf("callbacks", letter), letter)).toBe("message-1");
    const lastAt = "2026-01-01T00:00:00.000Z";
    expect(show("callbacks", letter, { error: "NotYetKnown", tries: 5, lastAt })).toEqual({
      queue: "callbacks",
      id: "message-1",
      ids: { supplierId: "sup_1", eventId: "evt_1" },
      reason: "NotYetKnown",
      tries: 5,
      lastAt,
    });
  });

  test("a message whose consumer could note nothing", () => {
    expect(show("watch", raw({ orderId: "ord_1", looks: 3 }))).toMatchObject({
      reason: "unknown",
      ids: { orderId: "ord_1" },
    });
  });

  test("a place in the stream, by the order that was noted under it", () => {
    const letter = raw(givenUp);
    expect(failureIdOf(contentsOf("settle-money", letter), letter)).toBe("800000000003126276362");
    const failure = { error: "ThrottlingException", tries: 9, lastAt: "", about: { orderIds: ["ord_1"] } };
    expect(show("settle-money", letter, failure)).toMatchObject({
      ids: { orderId: "ord_1" },
      reason: "ThrottlingException",
    });
    expect(show("settle-money", letter)).toMatchObject({ ids: {}, reason: "RetryAttemptsExhausted" });
  });

  test("an event that a function could not handle, and one that never reached it", () => {
    const failed = {
      requestContext: { condition: "RetriesExhausted" },
      requestPayload: failedRun,
      responsePayload: { errorType: "TimeoutError", errorMessage: "SECRET" },
    };
    const ids = { orderId: "ord_1", execution: "ord_1-1" };
    expect(show("note-failed-run", raw(failed))).toMatchObject({ ids, reason: "TimeoutError" });
    const undelivered = raw(failedRun, { ERROR_CODE: "NO_PERMISSIONS" });
    expect(show("note-failed-run", undelivered)).toMatchObject({ ids, reason: "NO_PERMISSIONS" });
  });

  test.each(["callbacks", "start-fulfilment", "note-failed-run"] as const)(
    "rubbish among the %s letters is a letter too, and is shown without its content",
    (queue) => {
      for (const rubbish of ["SECRET", "null", "[1]"])
        expect(show(queue, raw(rubbish))).toEqual({ queue, id: "message-1", ids: {}, reason: "unreadable" });
    },
  );
});
