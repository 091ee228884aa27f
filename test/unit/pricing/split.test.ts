import * as fc from "fast-check";
import { expect, test } from "vitest";
import { split } from "../../../shared/pricing/split.ts";

test.each([
  // moneyphp/money, tests/MoneyTest.php
  [100, [1, 1, 1], [34, 33, 33]],
  [101, [3, 7], [30, 71]],
  [5, [0, 7, 3], [0, 4, 1]],
  [1, [1, 1], [1, 0]],
  // Vendure, order-calculator/prorate.spec.ts
  [299, [4300, 1400, 2300], [161, 52, 86]],
  [93, [10, 20, 10, 30, 50, 20, 10, 40], [5, 10, 5, 15, 24, 10, 5, 19]],
  // Dinero.js, allocate.test.ts
  [1003, [50, 50], [502, 501]],
  // Voucherify: an amount by quantity
  [1000, [2, 3, 3], [250, 375, 375]],
  // Shares of a sale by percent
  [15, [80, 8, 12], [12, 1, 2]],
  [7, [15, 85], [1, 6]],
  [1, [0, 1, 2], [0, 0, 1]],
  [3333, [1500, 300, 200, 8000], [500, 100, 67, 2666]],
  [0, [0, 0], [0, 0]],
])("%i over %j is %j", (amount, weights, parts) => {
  expect(split(amount, weights)).toEqual(parts);
});

test("parts sum to the amount, and none is further from its exact share than one", () => {
  const weights = fc
    .array(fc.nat(10 ** 12), { minLength: 1, maxLength: 10 })
    .filter((all) => all.some((one) => one > 0));
  fc.assert(
    fc.property(fc.nat(10 ** 12), weights, (amount, weights) => {
      const parts = split(amount, weights);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amount);
      const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
      for (const [at, part] of parts.entries()) {
        const exact = BigInt(amount) * BigInt(weights[at] ?? 0);
        const off = BigInt(part) * whole - exact;
        expect(off < whole && -off < whole).toBe(true);
        expect(weights[at] === 0 && part > 0).toBe(false);
      }
    }),
  );
});

test("something can't be split over nobody", () => {
  expect(() => split(1, [0, 0])).toThrow("nobody");
});
