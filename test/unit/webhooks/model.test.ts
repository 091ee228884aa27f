import { expect, test } from "vitest";
import { eventCatalogue } from "../../../functions/events.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import {
  bodyOf,
  failedOnce,
  firstOf,
  type Health,
  isBeyondHope,
  placeOf,
  resendAfter,
  rests,
  verdictOf,
  WEBHOOK_EVENTS,
  wants,
} from "../../../shared/webhooks/model.ts";

const START = Date.parse("2026-03-01T00:00:00.000Z");
const DAY = 24 * 3600;
const at = (seconds: number): Date => new Date(START + seconds * 1000);

/** When an event is tried that is never taken, in seconds. */
function triesBy(chance: number): number[] {
  const times = [0];
  for (let tries = 1; ; tries++) {
    const now = times.at(-1) ?? 0;
    const wait = resendAfter({ tries, failingSince: at(0).toISOString() }, at(now), chance);
    if (wait === undefined) return times;
    times.push(now + wait);
  }
}

test.each([0, 0.5, 1])(
  "an event that is not taken is sent again for three days, later and later (chance %d)",
  (chance) => {
    const times = triesBy(chance);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(times.at(-1)).toBeGreaterThanOrEqual(3 * DAY);
    expect(times.at(-1)).toBeLessThan(3 * DAY + LIMITS.longestResendSeconds + 1);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBeLessThanOrEqual(10);
    expect(times.length).toBeLessThan(60);
  },
);

test("half of a wait is chance, so that what failed together does not come back together", () => {
  const [least, most] = [0, 1].map((chance) =>
    resendAfter({ tries: 5, failingSince: at(0).toISOString() }, at(10), chance),
  );
  expect([least, most]).toEqual([80, 160]);
});

test("after an outage of its endpoint an event is tried some times more before it is given up", () => {
  const failingSince = at(0).toISOString();
  expect(resendAfter({ tries: 2, failingSince }, at(10 * DAY), 0)).toBeGreaterThan(0);
  expect(resendAfter({ tries: LIMITS.fewestTriesOfDelivery, failingSince }, at(10 * DAY), 0)).toBeUndefined();
});

test("an endpoint that does not answer rests, longer and longer, and is beyond hope after three days", () => {
  let health: Health = {};
  let now = 0;
  let calls = 0;
  while (!isBeyondHope(health, at(now))) {
    health = failedOnce(health, "later", at(now), 1);
    calls += 1;
    now = rests(health, at(now)) ? (Date.parse(health.restUntil ?? "") - START) / 1000 : now + 1;
  }
  expect(now).toBeGreaterThanOrEqual(3 * DAY);
  expect(now).toBeLessThan(3 * DAY + LIMITS.longestRestSeconds + 1);
  // What a dead endpoint costs us, however much waits for it.
  expect(calls).toBeLessThan(100);
});

test("an endpoint that refuses needs no rest, and is beyond hope as well if it takes nothing", () => {
  let health: Health = {};
  for (let tries = 0; tries < LIMITS.fewestTriesOfDelivery; tries++)
    health = failedOnce(health, "refused", at(tries), 1);
  expect(rests(health, at(20))).toBe(false);
  expect([isBeyondHope(health, at(2 * DAY)), isBeyondHope(health, at(3 * DAY))]).toEqual([false, true]);
});

test.each([
  [200, "taken"],
  [204, "taken"],
  [302, "refused"],
  [400, "refused"],
  [410, "gone"],
  [429, "later"],
  [500, "later"],
  [503, "later"],
] as const)("an answer %d means %s", (status, verdict) => {
  expect(verdictOf({ status })).toBe(verdict);
});

test("no answer means later", () => {
  expect(verdictOf({})).toBe("later");
});

test("events wait in the order of their numbers, also when there are more than nine", () => {
  const places = [10, 9, 2, 100].map((number) =>
    placeOf({ event: { id: "", type: "", at: "", number }, deliveryId: `dlv_${number}` }),
  );
  const waiting = new Set(places);
  const order: string[] = [];
  for (let first = firstOf({ waiting }); first !== undefined; first = firstOf({ waiting })) {
    order.push(first.replace(/.*_/, ""));
    waiting.delete(first);
  }
  expect(order).toEqual(["2", "9", "10", "100"]);
});

test("an endpoint wants what it says, or all that is for channels, and nothing about stock or suppliers", () => {
  const [all, some] = [{}, { events: ["order.fulfilled"] }];
  const types = Object.keys(eventCatalogue);
  expect(types.filter((type) => wants(all, type)).toSorted()).toEqual(
    WEBHOOK_EVENTS.filter((type) => type !== "product.changed").toSorted(),
  );
  expect(wants({ events: ["product.changed"] }, "product.changed")).toBe(true);
  expect(types.filter((type) => wants(some, type))).toEqual(["order.fulfilled"]);
  expect(WEBHOOK_EVENTS.every((type) => /^(order|webhook|product|dispute|deposit|channel)\./.test(type))).toBe(true);
});

test("a body has ids, words of closed lists, the number, and the channel's own reference", () => {
  const event = { id: "evt_1", type: "order.fulfilled", number: 3, at: "2026-03-01T00:00:00.000Z", v: 1 };
  const facts = { orderId: "ord_1", channelId: "chan_1" };
  expect(JSON.parse(bodyOf({ event: { ...event, ...facts }, subject: "ord_1" }, "shop-4711"))).toEqual({
    type: "order.fulfilled",
    timestamp: "2026-03-01T00:00:00.000Z",
    data: { id: "ord_1", state: "fulfilled", reference: "shop-4711", number: 3, channelId: "chan_1" },
  });
  const paidIn = { id: "evt_2", type: "deposit.paid", at: "2026-03-01T00:00:00.000Z", v: 1, depositId: "dep_1" };
  expect(JSON.parse(bodyOf({ event: { ...paidIn, channelId: "chan_1" }, subject: "dep_1" }))).toEqual({
    type: "deposit.paid",
    timestamp: "2026-03-01T00:00:00.000Z",
    data: { id: "dep_1", state: "paid", channelId: "chan_1" },
  });
});
