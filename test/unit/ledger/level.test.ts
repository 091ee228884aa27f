import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gathering, leveling, type Shift } from "../../../shared/ledger/level.ts";

const lanes = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 32 });
const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** The lanes as they are after these shifts, one after the other; none may take more than there is. */
function shifted(spendables: readonly number[], shifts: readonly Shift[]): number[] {
  const after = [...spendables];
  for (const { from, to, amount } of shifts) {
    expect(amount).toBeGreaterThan(0);
    expect(from).not.toBe(to);
    after[from] = (after[from] ?? 0) - amount;
    after[to] = (after[to] ?? 0) + amount;
    expect(after[from]).toBeGreaterThanOrEqual(0);
  }
  expect(sum(after)).toBe(sum(spendables));
  return after;
}

describe("an account's lanes", () => {
  it("are evened out when one has less than half of its share, and are left alone otherwise", () => {
    fc.assert(
      fc.property(lanes, (spendables) => {
        const share = Math.floor(sum(spendables) / spendables.length);
        const after = shifted(spendables, leveling(spendables));
        expect(Math.min(...after) * 2).toBeGreaterThanOrEqual(share);
        expect(leveling(after)).toEqual([]);
      }),
    );
  });

  it("give what one of them lacks for an order, the richest first, and no more than that", () => {
    fc.assert(
      fc.property(lanes, fc.nat(), fc.nat(), (spendables, at, wanted) => {
        const to = at % spendables.length;
        const amount = wanted % (sum(spendables) + 1);
        const after = shifted(spendables, gathering(spendables, to, amount));
        expect(after[to]).toBe(Math.max(amount, spendables[to] ?? 0));
      }),
    );
  });

  it("are evened out by fewer moves than there are lanes", () => {
    fc.assert(
      fc.property(lanes, (spendables) => {
        expect(leveling(spendables).length).toBeLessThan(spendables.length);
      }),
    );
  });
});
