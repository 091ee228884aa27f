import type { SQSEvent } from "aws-lambda";
import { expect, test } from "vitest";
import { eventFunction } from "../../../functions/runtime/consumer.ts";
import type { Told } from "../../../shared/events/event.ts";
import { fakeBucket, fakeQueues } from "../../support/engine/fake-aws.ts";
import { news } from "../../support/events/drill.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// One message with the news of several subjects: each is taken by itself, and one that fails holds up none of the others.

const ground = await sceneGround();

const message = (messageId: string, detail: object): SQSEvent["Records"][number] =>
  ({ messageId, body: JSON.stringify({ detail }), attributes: { ApproximateReceiveCount: "5" } }) as never;

/** A consumer that takes all but those of the subjects that are poisoned. */
function consumer() {
  const { sqs, sent } = fakeQueues();
  const taken: string[] = [];
  const poisoned = new Set<string>();
  const deps = { ...ground.deps, sqs, queuePrefix: "", s3: fakeBucket().s3, eventArchive: "events" };
  const handler = eventFunction("hear-webhooks", deps, async ({ number = 0 }: Told, subject) => {
    if (poisoned.has(subject)) throw new Error("poison");
    taken.push(`${subject} ${number}`);
  });
  const takes = (...Records: SQSEvent["Records"]) => handler({ Records });
  return { takes, taken, poisoned, sent };
}

test("all are taken once, also if the message comes again; each subject in the order of its numbers", async () => {
  const it = consumer();
  const [first, second] = [
    message("1", { news: [news("a", 2), news("b", 1)] }),
    message("2", { news: [news("a", 1)] }),
  ];
  for (let again = 0; again < 2; again++) expect(await it.takes(first, second)).toEqual({ batchItemFailures: [] });
  expect(it.taken.toSorted((a, b) => a.localeCompare(b))).toEqual(["a 1", "a 2", "b 1"]);
  expect(it.taken.indexOf("a 1")).toBeLessThan(it.taken.indexOf("a 2"));
  expect(it.sent).toEqual([]);
});

test("one that fails is sent again by itself, with tries of its own, and what is early too", async () => {
  const it = consumer();
  it.poisoned.add("c");
  const many = { news: [news("c", 1), news("d", 1), news("e", 2)] };
  expect(await it.takes(message("1", many))).toEqual({ batchItemFailures: [] });
  expect(it.taken).toEqual(["d 1"]);
  const bodies = it.sent.map(
    ({ MessageBody }) => JSON.parse(MessageBody) as { detail: { subject: string }; held?: object },
  );
  const again = bodies.map(({ detail, held }) => `${detail.subject} ${held === undefined ? "failed" : "is early"}`);
  expect(again.toSorted((a, b) => a.localeCompare(b))).toEqual(["c failed", "e is early"]);
  it.poisoned.clear();
  const [alone] = bodies.filter(({ detail }) => detail.subject === "c");
  expect(await it.takes(message("2", alone?.detail ?? {}))).toEqual({ batchItemFailures: [] });
  expect(it.taken).toEqual(["d 1", "c 1"]);
});

test("where it can't be sent by itself, the whole message stays in the queue", async () => {
  const it = consumer();
  it.poisoned.add("f");
  const { sqs } = fakeQueues();
  sqs.send = (() => Promise.reject(new Error("no queue"))) as never;
  const deps = { ...ground.deps, sqs, queuePrefix: "", s3: fakeBucket().s3, eventArchive: "events" };
  const handler = eventFunction("hear-webhooks", deps, () => Promise.reject(new Error("poison")));
  const Records = [message("1", { news: [news("f", 1), news("g", 1)] })];
  expect(await handler({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
});
