import { expect, test } from "vitest";
import type { OperatorCall } from "../../../infra/ops/client.ts";
import { eventCommands } from "../../../infra/ops/event-commands.ts";
import { archive } from "../../../shared/events/archive.ts";
import type { Message } from "../../../shared/events/consume.ts";
import { type ToldNews, toldOf } from "../../../shared/events/event.ts";
import { replayEvents } from "../../../shared/events/replay.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { fakeBucket } from "../../support/engine/fake-aws.ts";
import { at } from "../../support/orders/order-fixtures.ts";

const newsAt = (type: string, ...seconds: number[]): ToldNews =>
  toldOf({
    subject: type,
    first: 1,
    events: seconds.map((second) => ({ type, occasion: String(second), at: at(second), facts: {} })),
  });

/** An archive of these objects, each named by its first event; and what replays of it send. */
async function archiveOf(...objects: ToldNews[][]) {
  const bucket = { s3: fakeBucket().s3, eventArchive: "events" };
  for (const [index, news] of objects.entries())
    await archive(bucket, { at: news[0]?.events[0]?.at ?? "", of: `batch-${index}` }, news);
  const sent: Message[] = [];
  const send = async (body: string): Promise<void> => {
    sent.push(JSON.parse(body) as Message);
  };
  return { deps: { ...bucket, send }, sent };
}

const timesOf = (sent: readonly Message[]): string[] =>
  sent.flatMap(({ detail }) => detail.events.map((event) => event.at));

test("sends what happened in a time to subjects of a consumer's kinds, also out of a batch that began before", async () => {
  const { deps, sent } = await archiveOf(
    [newsAt("stock.low", -10, 5), newsAt("order.paid", 6)],
    [newsAt("stock.low", 20)],
    [newsAt("stock.low", 60)],
  );
  const told = await replayEvents(deps, { kinds: ["stock"], from: at(0), to: at(60) });
  expect(told).toEqual({ sent: 2, next: null });
  expect(timesOf(sent)).toEqual([at(5), at(20)]);
  expect(sent.every(({ replay }) => replay === undefined)).toBe(true);
});

test("goes on step after step, and names the replay that asks for each event once more", async () => {
  const many = LIMITS.archivedObjectsPerReplay + 1;
  const { deps, sent } = await archiveOf(...Array.from({ length: many }, (_, index) => [newsAt("stock.low", index)]));
  const replay = { kinds: ["stock"], from: at(0).replace(".000", ""), to: at(3600), again: "second" };
  const first = await replayEvents(deps, replay);
  expect(first.sent).toBe(LIMITS.archivedObjectsPerReplay);
  expect(await replayEvents(deps, replay, first.next ?? "")).toEqual({ sent: 1, next: null });
  expect(timesOf(sent)).toEqual(Array.from({ length: many }, (_, index) => at(index)));
  expect(new Set(sent.map((message) => message.replay))).toEqual(new Set(["second"]));
});

test("the command makes all steps, and says how much was sent when one of them fails, and where to go on", async () => {
  const calls: OperatorCall[] = [];
  const answers = [
    { ok: true, status: 200, body: { sent: 5, nextCursor: "here" } },
    { ok: true, status: 200, body: { sent: 2, nextCursor: null } },
    { ok: true, status: 200, body: { sent: 5, nextCursor: "here" } },
    { ok: false, status: 500, body: { code: "internal" } },
  ];
  const run = (): ReturnType<NonNullable<(typeof command)["run"]>> => {
    const options = { consumer: "archive-events", from: at(0), to: at(60) };
    return (command.run as NonNullable<typeof command.run>)(
      { options, argument: "" },
      async (call) => {
        calls.push(call);
        return answers.shift() as (typeof answers)[number];
      },
      undefined as never,
    );
  };
  const command = eventCommands["events replay"] as NonNullable<(typeof eventCommands)[string]>;
  expect(await run()).toMatchObject({ ok: true, body: { sent: 7, nextCursor: null } });
  expect(calls.map(({ query, json }) => [query, json])).toEqual([
    [{}, { consumer: "archive-events", from: at(0), to: at(60) }],
    [{ cursor: "here" }, { consumer: "archive-events", from: at(0), to: at(60) }],
  ]);
  expect(await run()).toMatchObject({ ok: false, body: { sent: 5, cursor: "here" } });
});
