import { array, assert, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { limitFacts, limitsAfter, productLimitAfter } from "../../../shared/usage/change.ts";
import { dayCountsOf, lanesOf, latestAt, leftAt, networkOf, paceOf, pauseAfter } from "../../../shared/usage/model.ts";

describe("a pace", () => {
  test("is cut into lanes of at most 500 a second, whose shares are the whole", () => {
    const paces = record({
      quota: integer({ min: 1, max: 1_000_000 }),
      windowSeconds: integer({ min: 1, max: 86_400 }),
    });
    assert(
      property(paces, (pace) => {
        const lanes = lanesOf(pace);
        expect(lanes.reduce((sum, { quota }) => sum + quota, 0)).toBe(pace.quota);
        for (const { quota } of lanes) expect(Math.floor(quota / pace.windowSeconds)).toBeLessThanOrEqual(500);
      }),
      { numRuns: 200 },
    );
    expect(lanesOf({ quota: 6_000, windowSeconds: 60 })).toHaveLength(1);
    expect(lanesOf({ quota: 2_000, windowSeconds: 1 })).toHaveLength(4);
  });

  test("lets in all at once, or one by one as they come back, and says truly how many are left and when there is more", () => {
    const steps = array(integer({ min: 0, max: 400_000 }), { maxLength: 80 });
    assert(
      property(integer({ min: 1, max: 9 }), steps, (quota, waits) => {
        const [lane] = lanesOf({ quota, windowSeconds: 1 });
        if (lane === undefined) throw new Error("no lane");
        let [now, usedUpTo] = [1e15, 0];
        const passes = (at: number, from: number): boolean => from <= latestAt(at, lane);
        for (const wait of waits) {
          now += wait;
          const { left, moreInUs } = leftAt(now, usedUpTo, lane);
          // So many pass now, and not one more; after the time that is said there is one more.
          let used = usedUpTo;
          for (let index = 0; index < left; index++) {
            expect(passes(now, used)).toBe(true);
            used = Math.max(used, now) + lane.stepUs;
          }
          expect(passes(now, used)).toBe(false);
          const later = (us: number): number => leftAt(now + us, usedUpTo, lane).left;
          expect(later(moreInUs)).toBe(Math.min(quota, left + 1));
          expect(later(Math.max(0, moreInUs - 1))).toBe(left);
          if (passes(now, usedUpTo)) usedUpTo = Math.max(usedUpTo, now) + lane.stepUs;
        }
      }),
      { numRuns: 200 },
    );
  });

  test("is a key's own, or shared by all keys of its channel; null says that nobody counts", () => {
    const user = { channelId: "chan_a", keyId: "key_a" };
    const [own, theirs] = [
      { quota: 5, windowSeconds: 1 },
      { quota: 9, windowSeconds: 60 },
    ];
    expect(paceOf(user)).toEqual({ subject: "chan_a", pace: { quota: 6_000, windowSeconds: 60 } });
    expect(paceOf({ ...user, channelLimits: { requests: theirs } })).toEqual({ subject: "chan_a", pace: theirs });
    expect(paceOf({ ...user, limits: { requests: own }, channelLimits: { requests: null } })).toEqual({
      subject: "key_a",
      pace: own,
    });
    expect(paceOf({ ...user, limits: { ordersPerDay: 1 }, channelLimits: { requests: null } })).toBeUndefined();
  });
});

test("of a day only what has a limit is counted, for the channel and for the key", () => {
  const user = { channelId: "chan_a", keyId: "key_a" };
  const taken = { orders: 1, codes: 3, amount: { amount: 500, currency: "CNY" }, products: new Map([["prod_a", 3]]) };
  expect(dayCountsOf(user, taken)).toEqual([]);
  const counted = dayCountsOf(
    {
      ...user,
      limits: { ordersPerDay: 2, revealsPerDay: 1 },
      channelLimits: { amountPerDay: { CNY: 900, USD: 1 }, productPerDay: { prod_a: 5, prod_b: 1 } },
    },
    taken,
  );
  expect(counted.map(({ name, adds, limit }) => [name, adds, limit])).toEqual([
    ["amount CNY", 500, 900],
    ["of prod_a", 3, 5],
    ["key_a orders", 1, 2],
  ]);
});

test("who tries in vain is let alone, then slowed, then waits for the next hour", () => {
  const patience = { free: 2, most: 4 };
  const at = new Date("2026-03-01T10:59:30Z");
  expect([1, 2, 3, 4, 5].map((tries) => pauseAfter(tries, patience, at))).toEqual([0, 0, 10, 10, 30]);
});

test("an address of IPv6 counts with its /64, and one of IPv4 for itself, however it is written", () => {
  expect(networkOf("203.0.113.9")).toBe("203.0.113.9");
  expect(networkOf("::ffff:203.0.113.9")).toBe("203.0.113.9");
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
  expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("2001:db8:1:2::")).toBe("2001:db8:1:2::/64");
  expect(networkOf("2001:0DB8:0001:0002::")).toBe("2001:db8:1:2::/64");
});

test("what is left out stays, null takes away, and a record says from what to what", () => {
  const before = limitsAfter(
    {},
    { requests: 600, ordersPerDay: 5, amountPerDay: { amount: 10, currency: "CNY" } },
    "channel",
  );
  expect(before).toEqual({
    requests: { quota: 600, windowSeconds: 60 },
    ordersPerDay: 5,
    amountPerDay: { CNY: 10 },
  });
  const more = limitsAfter(before, { ordersPerDay: null, amountPerDay: { amount: 7, currency: "USD" } }, "channel");
  expect(more).toEqual({ requests: { quota: 600, windowSeconds: 60 }, amountPerDay: { CNY: 10, USD: 7 } });
  expect(limitsAfter(more, { requests: null, amountPerDay: null }, "channel")).toEqual({ requests: null });
  expect(limitsAfter(more, { requests: null, amountPerDay: null }, "key")).toEqual({});
  const products = productLimitAfter(more, "prod_a", 3);
  expect(limitFacts(products)).toEqual({
    requests: "600 in 60 s",
    amountPerDay: "CNY 10 USD 7",
    productPerDay: "prod_a 3",
  });
  expect(productLimitAfter(products, "prod_a", null).productPerDay).toEqual({});
});
