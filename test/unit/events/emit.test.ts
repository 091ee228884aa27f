import { EventBridgeClient, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { emit, emitTogether, NotEmitted } from "../../../shared/events/emit.ts";
import { type News, type ToldNews, type ToldTogether, toldOf } from "../../../shared/events/event.ts";

const event = (occasion: string): News => ({
  subject: "prod_1/-",
  first: 7,
  events: [{ type: "stock.low", occasion, at: "2026-01-01T00:00:00.000Z", facts: { productId: "prod_1" } }],
});

/** A bus that refuses whatever `refuses` says; `taken` is what it took, call by call. */
function bus(refuses: (entry: PutEventsRequestEntry) => boolean = () => false) {
  const calls: PutEventsRequestEntry[][] = [];
  const taken: PutEventsRequestEntry[] = [];
  const events = new EventBridgeClient({ region: "eu-central-1" });
  events.middlewareStack.add(
    () => async (call) => {
      const { Entries = [] } = call.input as { Entries?: PutEventsRequestEntry[] };
      calls.push(Entries);
      const refused = Entries.map(refuses);
      taken.push(...Entries.filter((_, index) => refused[index] !== true));
      const results = refused.map((no) => (no ? { ErrorCode: "ThrottlingException" } : { EventId: "1" }));
      return { response: {}, output: { $metadata: {}, FailedEntryCount: refused.length, Entries: results } as never };
    },
    { step: "initialize" },
  );
  return { deps: { events, eventBusName: "the-bus" }, calls, taken };
}

test("an entry names its bus, its source and its kind; an event carries an id that its repeat carries too", async () => {
  const { deps, taken } = bus();
  await emit(deps, event("crossing 1"));
  await emit(deps, event("crossing 1"));
  await emit(deps, event("crossing 2"));
  expect(taken[0]).toMatchObject({ EventBusName: "the-bus", Source: "vouchsafe", DetailType: "stock.changed" });
  const details = taken.map(({ Detail = "" }) => JSON.parse(Detail) as ToldNews);
  const fact = { type: "stock.low", number: 7, v: 1, productId: "prod_1", at: "2026-01-01T00:00:00.000Z" };
  expect(details[0]).toMatchObject({ subject: "prod_1/-", types: ["stock.low"], events: [fact] });
  const ids = details.map(({ events }) => events[0]?.id);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

test("several events of one subject are one entry, and follow each other in their numbers", async () => {
  const { deps, taken } = bus();
  const [one, two] = [event("a"), event("b")];
  await emit(deps, { ...one, events: [...one.events, ...two.events] });
  expect(taken).toHaveLength(1);
  const { types, events } = JSON.parse(taken[0]?.Detail ?? "") as ToldNews;
  expect(types).toEqual(["stock.low"]);
  expect(events.map(({ number }) => number)).toEqual([7, 8]);
});

test("many subjects share entries, ten in each; whose buyer can be reached has one of its own", async () => {
  const { deps, taken } = bus();
  const many = Array.from({ length: 21 }, (_, index) => toldOf({ ...event(String(index)), subject: `ord_${index}` }));
  const reachable = toldOf({ ...event("reachable"), subject: "ord_reachable", hasContact: true });
  await emitTogether(deps, [many[0] as ToldNews, reachable, ...many.slice(1)]);
  const details = taken.map(({ Detail = "" }) => JSON.parse(Detail) as ToldNews | ToldTogether);
  const subjects = details.map((one) => ("news" in one ? one.news.map(({ subject }) => subject) : one.subject));
  const names = many.map(({ subject }) => subject);
  expect(subjects).toEqual(["ord_reachable", names.slice(0, 10), names.slice(10, 20), names[20]]);
  expect(new Set(taken.map(({ DetailType }) => DetailType))).toEqual(new Set(["stock.changed"]));
});

test("news of unlike kinds, from one change, shares no entry: a rule on the bus chooses by the kind", async () => {
  const { deps, taken } = bus();
  const told = (type: string, subject: string): ToldNews =>
    toldOf({ subject, events: [{ type, occasion: subject, at: "2026-01-01T00:00:00.000Z", facts: {} }] });
  await emitTogether(deps, [
    told("order.delivered", "ord_1"),
    told("supplier.charge_differs", "att_1"),
    told("order.delivered", "ord_2"),
    told("supplier.charge_differs", "att_2"),
  ]);
  const kinds = taken.map(({ DetailType, Detail = "" }) => [
    DetailType,
    (JSON.parse(Detail) as ToldTogether).news.map(({ subject }) => subject),
  ]);
  expect(kinds).toEqual([
    ["order.changed", ["ord_1", "ord_2"]],
    ["supplier.changed", ["att_1", "att_2"]],
  ]);
});

test("news that is too large for an entry or a call is cut between its events, and keeps their numbers", async () => {
  const { deps, calls, taken } = bus();
  const large = (subject: string): News => ({
    subject,
    first: 1,
    events: Array.from({ length: 400 }, (_, index) => ({
      type: "order.line_delivered",
      occasion: `${subject} ${index}`,
      at: "2026-01-01T00:00:00.000Z",
      facts: { lineId: "l".repeat(600) },
    })),
  });
  await emitTogether(deps, [toldOf(large("ord_1")), toldOf(large("ord_2"))]);
  await emit(deps, large("ord_3"));
  const sizes = (entries: readonly PutEventsRequestEntry[]): number[] =>
    entries.map(({ Detail = "" }) => Buffer.byteLength(Detail));
  expect(Math.max(...sizes(taken))).toBeLessThanOrEqual(60 * 1024);
  for (const entries of calls)
    expect(sizes(entries).reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(256 * 1024);
  const numbers = new Map<string, (number | undefined)[]>();
  for (const { Detail = "" } of taken) {
    const { subject, events } = JSON.parse(Detail) as ToldNews;
    numbers.set(subject, [...(numbers.get(subject) ?? []), ...events.map(({ number }) => number)]);
  }
  const all = Array.from({ length: 400 }, (_, index) => index + 1);
  expect([...numbers]).toEqual(["ord_1", "ord_2", "ord_3"].map((subject) => [subject, all]));
});

test("ten at a time, as EventBridge wants; none when there is nothing to tell", async () => {
  const { deps, calls } = bus();
  await emit(deps);
  expect(calls).toEqual([]);
  await emit(deps, ...Array.from({ length: 23 }, (_, index) => event(String(index))));
  expect(calls.map(({ length }) => length)).toEqual([10, 10, 3]);
});

test("what the bus did not take is sent again by itself, and nothing else is", async () => {
  let refusals = 2;
  const { deps, calls, taken } = bus(({ Detail = "" }) => Detail.includes('"prod_1"') && refusals-- > 0);
  await emit(deps, event("a"), event("b"), event("c"));
  expect(calls.map(({ length }) => length)).toEqual([3, 2]);
  expect(taken).toHaveLength(3);
});

test("a bus that takes nothing is an error, for whoever called must try again", async () => {
  const { deps } = bus(() => true);
  await expect(emit(deps, event("a"))).rejects.toThrow(NotEmitted);
});
