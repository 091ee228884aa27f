import type { SQSEvent } from "aws-lambda";
import { expect, test } from "vitest";
import * as z from "zod";
import { queueFunction } from "../../../functions/runtime/batch.ts";
import { httpFunction } from "../../../functions/runtime/http.ts";
import { scheduleFunction } from "../../../functions/runtime/schedule.ts";
import { taskFunction } from "../../../functions/runtime/task.ts";
import { CORRELATION_ATTRIBUTE, sendMessage } from "../../../shared/aws/send-message.ts";
import { correlated, correlationId } from "../../../shared/kernel/correlation.ts";
import { ok } from "../../../shared/kernel/problem.ts";

// Each shell works under the id that its event brings, and under its call's id where it brings none.

const call = { awsRequestId: "call-1" };

test.each([
  [{}, "request-1"],
  [{ "x-request-id": "caller-7" }, "caller-7"],
  [{ "x-request-id": "<script>" }, "request-1"],
])("a request with the headers %j: under %s", async (headers, id) => {
  const answer = { status: 200, description: "", schema: z.looseObject({}) };
  const operations = { getId: { method: "GET", path: "/id", summary: "", answer, needs: {} } } as const;
  const handler = httpFunction(
    "ids",
    operations,
    { authenticate: async () => ok(undefined) },
    { getId: async () => ok({ body: { id: correlationId() } }) },
  );
  const requestContext = { requestId: "request-1", http: { sourceIp: "" } };
  const event = { routeKey: "GET /id", headers, requestContext };
  const { body } = await handler(event as never, call as never);
  expect(JSON.parse(body ?? "")).toEqual({ id });
});

test("messages: each under that of its sender; those of earlier versions under that of the call", async () => {
  const sent: { MessageBody: string; MessageAttributes?: Record<string, { StringValue: string }> }[] = [];
  const sqs = { send: async ({ input }: { input: (typeof sent)[number] }) => void sent.push(input) };
  await correlated("sender-1", () => sendMessage(sqs as never, "queue", '{"n":1}'));
  await sendMessage(sqs as never, "queue", '{"n":2}');
  expect(sent.map(({ MessageAttributes }) => Object.keys(MessageAttributes ?? {}))).toEqual([
    [CORRELATION_ATTRIBUTE],
    [],
  ]);
  const Records = sent.map(({ MessageBody, MessageAttributes = {} }, index) => ({
    messageId: String(index),
    body: MessageBody,
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, { stringValue: StringValue }]),
    ),
  }));
  const seen: Record<number, string | undefined> = {};
  const consume = queueFunction("c", "watch", z.object({ n: z.number() }), {} as never, async ({ n }) => {
    seen[n] = correlationId();
  });
  await consume({ Records } as unknown as SQSEvent, call);
  expect(seen).toEqual({ 1: "sender-1", 2: "call-1" });
});

test.each([
  [{ correlationId: "run-1" }, "run-1"],
  [{ correlationId: "" }, "call-1"],
  [{}, "call-1"],
])("a task of a run with %j: under %s", async (input, id) => {
  const task = taskFunction("t", z.object({}), async () => correlationId());
  expect(await task(input, call)).toBe(id);
});

test("a job: under that of its call", async () => {
  const seen: unknown[] = [];
  const handler = scheduleFunction(
    { look: { everyMinutes: 1, needs: {} } },
    { look: async () => void seen.push(correlationId()) },
  );
  await handler({ job: "look" }, call);
  expect(seen).toEqual(["call-1"]);
});
