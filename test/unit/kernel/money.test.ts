import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Money, sum, times } from "../../../shared/kernel/money.ts";

const money = (currency: string) =>
  fc.record({ amount: fc.integer({ min: 0, max: 1_000_000_000_000 }), currency: fc.constant(currency) });

describe("money", () => {
  it.each([
    ["a fraction of a cent", { amount: 0.5, currency: "CNY" }],
    ["a negative amount", { amount: -1, currency: "CNY" }],
    ["more than can be added exactly", { amount: 1_000_000_000_001, currency: "CNY" }],
    ["infinity", { amount: Number.POSITIVE_INFINITY, currency: "CNY" }],
    ["not a number", { amount: Number.NaN, currency: "CNY" }],
    ["a text", { amount: "15", currency: "CNY" }],
    ["a currency in small letters", { amount: 1, currency: "cny" }],
    ["no currency", { amount: 1 }],
    ["anything more", { amount: 1, currency: "CNY", scale: 2 }],
  ])("is not %s", (_what, value) => {
    expect(Money.safeParse(value).success).toBe(false);
  });

  it("adds up exactly, in any order", () => {
    fc.assert(
      fc.property(fc.array(money("CNY"), { maxLength: 20 }), (amounts) => {
        const total = sum(amounts, "CNY");
        expect(sum(amounts.toReversed(), "CNY")).toEqual(total);
        expect(total.amount).toBe(Number(amounts.reduce((all, { amount }) => all + BigInt(amount), 0n)));
      }),
    );
  });

  it("taken a number of times is as much as added as often", () => {
    fc.assert(
      fc.property(money("CNY"), fc.integer({ min: 0, max: 50 }), (unit, quantity) => {
        expect(times(unit, quantity)).toEqual(
          sum(
            Array.from({ length: quantity }, () => unit),
            "CNY",
          ),
        );
      }),
    );
  });

  it("never mixes currencies", () => {
    expect(() => sum([{ amount: 1, currency: "USD" }], "CNY")).toThrow("cannot add USD to CNY");
  });
});
