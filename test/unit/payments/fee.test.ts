import { expect, it } from "vitest";
import { Fees, feeIn, feeOn } from "../../../shared/payments/fee.ts";

it.each([
  ["half up, of half a minor unit", 125, ["0.4%"], 1],
  ["down, below that", 124, ["0.4%"], 0],
  ["by the millionth", 1_000_000, ["0.2551%"], 2_551],
  ["with what is fixed, after rounding", 1_000, ["USD:5%", "CNY:2.9%+30"], 59],
  ["by the rate of its own currency", 1_000, ["2%", "CNY:1%"], 10],
  ["by the rate for all others", 1_000, ["2%", "USD:1%"], 20],
  ["of the largest amount there is", 1_000_000_000_000, ["99.9999%"], 999_999_000_000],
  ["of nothing", 0, ["CNY:2.9%+30"], 30],
] as const)("a fee is computed %s", (_how, amount, fees, kept) => {
  const fee = feeIn(fees, "CNY");
  expect(fee && feeOn({ amount }, fee)).toBe(kept);
});

it("is not known where nobody has said a rate", () => {
  expect([feeIn(undefined, "CNY"), feeIn([], "CNY"), feeIn(["USD:1%"], "CNY")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it.each([
  ["not a rate", ["0.6"]],
  ["more than all", ["100%"]],
  ["finer than a millionth", ["0.00001%"]],
  ["below nothing", ["-1%"]],
  ["fixed in no currency", ["1%+30"]],
  ["of no currency", ["XQX:1%"]],
  ["two for one currency", ["CNY:1%", "CNY:2%"]],
  ["two for all", ["1%", "2%"]],
])("refuses a rate that is %s", (_what, fees) => {
  expect(Fees.safeParse(fees).success).toBe(false);
});
