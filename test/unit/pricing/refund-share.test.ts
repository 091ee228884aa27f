import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shareOf } from "../../../shared/pricing/refund-share.ts";

/** The shares of a line that goes back in parts of so many pieces, one after the other. */
function sharesOf(total: number, parts: readonly number[]): number[] {
  const of = parts.reduce((sum, pieces) => sum + pieces, 0);
  let before = 0;
  return parts.map((more) => {
    const share = shareOf(total, { before, more, of });
    before += more;
    return share;
  });
}

describe("a line that goes back in parts", () => {
  test.each([
    ["three pieces for 10.00, one by one", 1000, [1, 1, 1], [333, 333, 334]],
    ["Shopify: 4 over 3 pieces, none more than 2", 4, [1, 1, 1], [1, 1, 2]],
    ["six pieces of 50 with 10 % off, five back and then one", 27_000, [5, 1], [22_500, 4_500]],
    ["seventy refunds of one fen", 70, Array.from({ length: 70 }, () => 1), Array.from({ length: 70 }, () => 1)],
    ["less than a fen for each piece", 2, [1, 1, 1, 1, 1], [0, 0, 1, 0, 1]],
    ["nothing was paid", 0, [2, 3], [0, 0]],
  ])("%s", (_, total, parts, shares) => {
    expect(sharesOf(total, parts)).toEqual(shares);
  });

  test("sums to what was paid, and no part is negative or above its exact share by a whole unit: up to 100,000 pieces", () => {
    const parts = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.nat(10 ** 12), parts, (total, parts) => {
        const shares = sharesOf(total, parts);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
        const of = BigInt(parts.reduce((sum, pieces) => sum + pieces, 0));
        for (const [at, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(0);
          const off = BigInt(share) * of - BigInt(total) * BigInt(parts[at] ?? 0);
          expect(off < of && -off < of).toBe(true);
        }
      }),
    );
  });

  test("gives the same in whatever steps: what is back depends on the pieces that are back alone", () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.integer({ min: 2, max: 500 }), fc.nat(), (total, of, cut) => {
        const first = cut % of;
        const inTwo =
          shareOf(total, { before: 0, more: first, of }) + shareOf(total, { before: first, more: of - first, of });
        expect(inTwo).toBe(total);
        expect(shareOf(total, { before: 0, more: of, of })).toBe(total);
      }),
    );
  });
});
