import { expect, it } from "vitest";
import { chargedOf, differenceOf } from "../../../shared/suppliers/charges.ts";

const cny = (amount: number) => ({ amount, currency: "CNY" });

it.each([
  ["as agreed", cny(50), cny(200), undefined],
  ["less", cny(50), cny(199), undefined],
  ["more by the smallest unit", cny(50), cny(201), "more"],
  ["fewer, in another currency", cny(50), { amount: 1, currency: "USD" }, "other_currency"],
  ["an amount, where nobody knew the cost", undefined, cny(1), undefined],
  ["nothing that can be read", cny(50), undefined, undefined],
] as const)("a supplier that charged %s for four pieces", (_, agreed, charged, how) => {
  expect(differenceOf(agreed, 4, charged)).toBe(how);
});

it("what can't be read, and what would be nothing, is an unknown charge", () => {
  expect(chargedOf(undefined, 3)).toEqual({});
  expect(chargedOf(cny(0), 3)).toEqual({});
  expect(chargedOf(cny(-5), 3)).toEqual({});
  expect(chargedOf(cny(5), Number.NaN)).toEqual({});
  expect(chargedOf(cny(1_000_000_000_000), 2)).toEqual({});
  expect(chargedOf(cny(5), 3)).toEqual({ charged: cny(15) });
});
