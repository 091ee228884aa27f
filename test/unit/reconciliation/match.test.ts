import { describe, expect, test } from "vitest";
import { dayAfter } from "../../../shared/kernel/clock.ts";
import { startOfDay } from "../../../shared/ledger/day.ts";
import { compareWithStatement } from "../../../shared/reconciliation/compare.ts";
import { boundsOf, readyAt } from "../../../shared/reconciliation/day.ts";
import { Matching, type Movement, TooMany } from "../../../shared/reconciliation/match.ts";

const movement = (name: string, more: Partial<Movement> = {}): Movement => ({
  kind: "payment",
  name,
  amount: 100,
  feeThousandths: 1_000,
  currency: "CNY",
  at: "2026-03-10T00:00:00.000Z",
  ...more,
});
const said = (name: string, more: Partial<Movement> = {}) => ({ ...movement(name, more), externalId: `x-${name}` });
const matching = (most = 10) => new Matching(most, compareWithStatement);

describe("matching", () => {
  test("tells equal lines apart by their occurrence: as many are matched as were expected", () => {
    const twice = matching();
    for (let times = 0; times < 2; times++) twice.expect({ ...movement("a"), isDue: true });
    expect([twice.judge(said("a")).is, twice.judge(said("a")).is]).toEqual(["matched", "matched"]);
    expect(twice.judge(said("a"))).toMatchObject({ is: "missing_here", occurrence: 3 });
    expect([...twice.rest()]).toEqual([]);
  });

  test("has a name for each kind: a refund named like a payment is another movement", () => {
    const one = matching();
    one.expect({ ...movement("a"), isDue: true });
    expect(one.judge(said("a", { kind: "refund" })).is).toBe("missing_here");
    expect([...one.rest()]).toMatchObject([{ is: "missing_there", ours: { name: "a" } }]);
  });

  test("expects nothing of another day, and knows it when it comes", () => {
    const one = matching();
    one.expect({ ...movement("a"), isDue: false });
    one.expect({ ...movement("b"), isDue: false });
    expect(one.judge(said("a")).is).toBe("other_day");
    expect([...one.rest()]).toEqual([]);
  });

  test("remembers so many names and no more, those of lines that nobody expected too", () => {
    const one = matching(2);
    one.expect({ ...movement("a"), isDue: true });
    one.judge(said("b"));
    expect(() => one.judge(said("c"))).toThrow(TooMany);
    expect(one.judge(said("b"))).toMatchObject({ is: "missing_here", occurrence: 2 });
  });
});

test.each([
  ["nothing", {}, []],
  ["a fee that is rounded otherwise", { feeThousandths: 1_999 }, []],
  ["a fee that is a minor unit more", { feeThousandths: 2_000 }, ["fee"]],
  ["a fee that is less", { feeThousandths: 0 }, ["fee"]],
  ["all of it", { amount: 99, currency: "USD", feeThousandths: 9_000 }, ["currency", "amount", "fee"]],
] as const)("of a payment %s differs", (_what, more, fields) => {
  expect(compareWithStatement(movement("a"), said("a", more))).toEqual(fields);
});

test("a refund may bring a fee back, and may not cost one", () => {
  const refund = movement("r", { kind: "refund", feeThousandths: 0 });
  const line = (feeThousandths: number) => said("r", { kind: "refund", feeThousandths });
  expect(compareWithStatement(refund, line(-5_000))).toEqual([]);
  expect(compareWithStatement(refund, line(5_000))).toEqual(["fee"]);
});

describe("a provider's day", () => {
  test.each([
    ["UTC", "2026-03-10", "2026-03-10T00:00:00.000Z"],
    ["Asia/Shanghai", "2026-03-10", "2026-03-09T16:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-03-10", "2026-03-09T10:00:00.000Z"],
    ["America/New_York", "2026-11-02", "2026-11-02T05:00:00.000Z"],
    ["Asia/Kolkata", "2026-03-10", "2026-03-09T18:30:00.000Z"],
  ])("in %s of %s begins at %s", (zone, day, at) => {
    expect(startOfDay(zone, day)).toBe(at);
  });

  test("is longer where clocks go back", () => {
    const { from, to } = boundsOf("America/New_York", "2026-11-01");
    expect(Date.parse(to) - Date.parse(from)).toBe(25 * 3_600_000);
    expect([dayAfter("2026-02-28"), dayAfter("2026-03-01", -1)]).toEqual(["2026-03-01", "2026-02-28"]);
  });

  test("has its statement some hours after its end", () => {
    const desk = { zone: "Asia/Shanghai", readyAfterHours: 10 };
    expect(readyAt(desk, "2026-03-10")).toBe("2026-03-11T02:00:00.000Z");
  });
});
