import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { cursorKey } from "../../../shared/events/table.ts";
import { drill, news } from "../../support/events/drill.ts";
import { shuffled } from "../../support/random.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// The drill of every consumer of events: whatever happens to its messages and to itself, it does each event once, and those of a
// subject in order. Nothing that is lost, late or poisoned stops a subject for ever.

const ground = await sceneGround();

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test("out of order and each of them twice: each is seen once, in order", async () => {
  const it = drill(ground, "drill-shuffled");
  const messages = ["a", "b", "c"].flatMap((subject) =>
    numbers(5).flatMap((n) => [news(subject, n), news(subject, n)]),
  );
  for (const [index, message] of shuffled(messages, 7).entries()) it.send(message, index);
  await it.run();
  for (const subject of ["a", "b", "c"]) expect(it.seenOf(subject)).toEqual(numbers(5));
  expect(it.handled.calls).toBe(15);
  expect([it.letters, it.passed]).toEqual([[], []]);
});

test("killed in the middle of a batch, after the work and before it is noted: the work is called again, and seen once", async () => {
  const it = drill(ground, "drill-killed");
  it.setFate(({ number }, call) => (number === 2 && call === 2 ? "kill" : undefined));
  it.send(news("a", 1, 3));
  it.send(news("a", 4), 5);
  await it.run();
  expect(it.seenOf("a")).toEqual(numbers(4));
  expect(it.handled.calls).toBeGreaterThan(4);
  expect(it.letters).toEqual([]);
});

test("what it has no work with is not noted; when it has, what came before is taken from the archive", async () => {
  const it = drill(ground, "drill-foreign");
  it.foreign.add("a");
  for (const n of [1, 2]) {
    await it.archive(news("a", n));
    it.send(news("a", n));
  }
  await it.run(60);
  const { operations: TableName } = ground.deps.tables;
  const noted = await ground.deps.db.send(new GetCommand({ TableName, Key: cursorKey("drill-foreign", "a") }));
  expect([noted.Item, it.handled.calls]).toEqual([undefined, 0]);
  it.foreign.clear();
  it.send(news("a", 3));
  // This one began long ago, and the archive is not searched that far back.
  it.send(news("b", 5));
  await it.run();
  expect([it.seenOf("a"), it.seenOf("b")]).toEqual([[1, 2, 3], [5]]);
  it.send(news("b", 4));
  it.send(news("a", 2));
  await it.run();
  expect([it.seenOf("a"), it.seenOf("b")]).toEqual([
    [1, 2, 3],
    [5, 4],
  ]);
  // Nothing of this is missing, so nobody is called.
  expect(it.passed).toEqual([]);
});

test("slow: what comes meanwhile waits, and no other call works on the same subject", async () => {
  const it = drill(ground, "drill-slow");
  it.setFate(() => 50);
  for (const n of numbers(4)) it.send(news("a", n));
  await it.run();
  expect(it.seenOf("a")).toEqual(numbers(4));
  expect(it.handled.calls).toBe(4);
});

test("an hour late: what is behind it waits for minutes; then the late one is taken from the archive, and dropped when it comes", async () => {
  const it = drill(ground, "drill-late");
  await it.archive(news("a", 2));
  it.send(news("a", 1));
  it.send(news("a", 3));
  it.send(news("a", 2), 3600);
  await it.run(240);
  expect(it.seenOf("a")).toEqual([1]);
  await it.run();
  expect(it.seenOf("a")).toEqual([1, 2, 3]);
  expect(it.handled.calls).toBe(3);
  expect(it.passed).toEqual([]);
});

test("an hour late, and not in the archive: it is passed, and taken when it comes after all", async () => {
  const it = drill(ground, "drill-lost");
  it.send(news("a", 1));
  it.send(news("a", 3));
  it.send(news("a", 2), 3600);
  await it.run(1800);
  expect(it.seenOf("a")).toEqual([1, 3]);
  expect(it.passed).toEqual(["a 2"]);
  await it.run();
  expect(it.seenOf("a")).toEqual([1, 3, 2]);
});

test("poisoned: it alone is set aside, and the others of its subject go on, as those of other subjects do at once", async () => {
  const it = drill(ground, "drill-poisoned");
  it.setFate(({ number, productId }) => (number === 2 && productId === "a" ? "poison" : undefined));
  for (const n of numbers(3)) {
    it.send(news("a", n));
    it.send(news("b", n));
  }
  await it.run(60);
  expect([it.seenOf("a"), it.seenOf("b")]).toEqual([[1], [1, 2, 3]]);
  await it.run();
  expect(it.seenOf("a")).toEqual([1, 3]);
  expect(it.letters.map(({ detail }) => detail)).toEqual([news("a", 2)]);
  it.setFate(() => undefined);
  for (const { detail } of it.letters) it.send(detail);
  await it.run();
  expect(it.seenOf("a")).toEqual([1, 3, 2]);
});

test("poisoned among others in one message: those before and behind it are done, and a replay does the poisoned one alone", async () => {
  const it = drill(ground, "drill-among");
  it.setFate(({ number }) => (number === 2 ? "poison" : undefined));
  it.send(news("a", 1, 3));
  await it.run();
  expect(it.seenOf("a")).toEqual([1, 3]);
  expect(it.letters).toHaveLength(1);
  const { calls } = it.handled;
  it.setFate(() => undefined);
  it.send(news("a", 1, 3));
  await it.run();
  expect(it.seenOf("a")).toEqual([1, 3, 2]);
  expect(it.handled.calls).toBe(calls + 1);
});

test("what has no number stands for itself: it waits for nothing, and is seen once", async () => {
  const it = drill(ground, "drill-unnumbered");
  const { events, ...rest } = news("a", 3);
  const alone = { ...rest, events: events.map(({ number: _number, ...event }) => event) };
  it.send(alone);
  it.send(alone);
  await it.run();
  expect(it.handled.numbers).toEqual([undefined]);
});

test("a replay does again what was done, once for each replay", async () => {
  const it = drill(ground, "drill-replay");
  it.send(news("a", 1, 2));
  await it.run();
  for (const replay of ["first", "first", "second"]) it.send(news("a", 1, 2), 0, { replay });
  await it.run();
  expect(it.handled.numbers).toEqual([1, 2, 1, 2, 1, 2]);
});
