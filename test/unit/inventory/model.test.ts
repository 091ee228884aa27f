import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bySaleOrder, placeOf, returnsOf, TOTAL, ticketFor } from "../../../shared/inventory/model.ts";
import { numberOf, slotKey, slotPartitions } from "../../../shared/inventory/table.ts";
import { NEVER } from "../../../shared/kernel/clock.ts";

const slab = fc.stringMatching(/^[0-9a-f]{16}r?$/);
const pool = fc.stringMatching(/^([0-9a-z]{12})?$/);
const number = fc.integer({ min: 0, max: 999_999_999 });

describe("a ticket", () => {
  it("names its slab, number and pool, whatever they are", () => {
    fc.assert(
      fc.property(slab, number, pool, (slab, number, pool) => {
        expect(placeOf(ticketFor(slab, number, pool))).toEqual({ slab, number, pool });
      }),
    );
  });

  it("leads to a slot that no other ticket leads to", () => {
    fc.assert(
      fc.property(slab, slab, number, number, (slabA, slabB, a, b) => {
        const same = slabA === slabB && a === b;
        const [one, other] = [slotKey(ticketFor(slabA, a)), slotKey(ticketFor(slabB, b))];
        expect(one.pk === other.pk && one.sk === other.sk).toBe(same);
      }),
    );
  });
});

describe("the slots of a run", () => {
  const run = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }));

  it("are each in exactly one of the partitions that are asked", () => {
    fc.assert(
      fc.property(run, ([from, to]) => {
        const asked = slotPartitions("aa", from, to);
        for (let number = Math.max(0, from - 2); number < to + 2; number++) {
          const { pk, sk } = slotKey(ticketFor("aa", number));
          const holding = asked.filter((part) => part.pk === pk && part.first <= sk && sk <= part.last);
          expect(holding.length, `slot ${number} of ${from} to ${to}`).toBe(number >= from && number < to ? 1 : 0);
        }
      }),
    );
  });

  it("sort by their numbers as texts", () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [first, second] = [slotKey(ticketFor("aa", a)).sk, slotKey(ticketFor("aa", b)).sk];
        expect(numberOf(first)).toBe(a);
        expect(first < second).toBe(a < b);
      }),
    );
  });
});

describe("ranges", () => {
  it("have one range of returns, which takes its own returns back", () => {
    expect(returnsOf("00ff", TOTAL)).toBe("00ffr");
    expect(returnsOf(returnsOf("00ff", "pool"), TOTAL)).toBe("00ffr");
  });

  it("sell what expires first, and of that fresh stock before returns", () => {
    const ranges = [
      { id: "cr", expiresAt: NEVER },
      { id: "c", expiresAt: NEVER },
      { id: "b", expiresAt: "2027-01-01T00:00:00.000Z" },
      { id: "ar", expiresAt: "2026-01-01T00:00:00.000Z" },
      { id: "a", expiresAt: "2026-01-01T00:00:00.000Z" },
    ];
    expect(ranges.toSorted(bySaleOrder).map(({ id }) => id)).toEqual(["a", "ar", "b", "c", "cr"]);
  });
});
