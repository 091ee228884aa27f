import * as fc from "fast-check";
import { expect, it } from "vitest";
import { nextChange, type Painted, paint, type Window, windowAt } from "../../../shared/catalog/windows.ts";

const day = (at: number): string => new Date(Date.UTC(2026, 0, 1 + at)).toISOString();

/** A change of a price: between two of forty days, or without an end on one side. */
const change = fc
  .record({
    start: fc.option(fc.integer({ min: 0, max: 38 }), { nil: undefined }),
    days: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    amount: fc.option(fc.constantFrom(100, 200, 300), { nil: undefined }),
  })
  .map(({ start, days, amount }): Painted => {
    const until = days === undefined ? {} : { until: day((start ?? 0) + days) };
    return { amount, ...(start === undefined ? {} : { from: day(start) }), ...until };
  });

const holds = ({ from = "", until = "~" }: Painted, at: string): boolean => from <= at && at < until;

it("at every moment the last change that is about it counts, and what is kept never overlaps", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const windows = changes.reduce<Window[]>(paint, []);
      for (let at = -1; at <= 60; at++) {
        // Also the last millisecond before a day begins.
        for (const moment of [day(at), new Date(Date.parse(day(at)) - 1).toISOString()]) {
          const last = changes.findLast((one) => holds(one, moment));
          expect(windowAt(windows, moment)?.amount).toBe(last?.amount);
          expect(windows.filter((one) => holds(one, moment)).length).toBeLessThanOrEqual(1);
        }
      }
    }),
  );
});

it("the same change once more changes nothing", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), change, (changes, last) => {
      const once = paint(changes.reduce<Window[]>(paint, []), last);
      expect(paint(once, last)).toEqual(once);
    }),
  );
});

it("a sale of one day cuts the price around it in two, and taken away again leaves a gap", () => {
  const always = paint([], { amount: 100 });
  const sale = paint(always, { amount: 80, from: day(10), until: day(11) });
  expect(sale).toEqual([
    { amount: 100, until: day(10) },
    { amount: 80, from: day(10), until: day(11) },
    { amount: 100, from: day(11) },
  ]);
  expect(paint(sale, { amount: 100, from: day(10), until: day(11) })).toEqual(always);
  expect(paint(sale, { from: day(10), until: day(11) })).toHaveLength(2);
});

it("the next change is the nearest beginning or end behind a moment", () => {
  const windows = paint(paint([], { amount: 1, from: day(1), until: day(3) }), { amount: 2, from: day(5) });
  expect([0, 1, 3, 5].map((at) => nextChange(windows, day(at)))).toEqual([day(1), day(3), day(5), undefined]);
});

it("a price that may be below cost says so, and what is left of another one does not", () => {
  const windows = paint(paint([], { amount: 100 }), { amount: 100, belowCost: true, from: day(1) });
  expect(windows).toEqual([
    { amount: 100, until: day(1) },
    { amount: 100, from: day(1), belowCost: true },
  ]);
});
