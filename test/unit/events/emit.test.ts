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
