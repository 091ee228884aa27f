import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { convert, RATE } from "../../../shared/kernel/convert.ts";
import { moneyOf } from "../../../shared/suppliers/decimal.ts";

const rate = (from: string, to: string, text: string) => ({ from, to, rate: text, at: "2026-01-01T00:00:00.000Z" });

describe("an amount in another currency", () => {
  it.each([
    [100, "USD", "CNY", "7.1234", 713],
    [1, "USD", "CNY", "0.0001", 1],
    [1999, "USD", "JPY", "151.37", 3026],
    [1000, "JPY", "USD", "0.0066", 660],
    [1500, "CNY", "KWD", "0.0425", 638],
    [0, "USD", "CNY", "7", 0],
  ])("%i of %s is, in %s at %s, %i: rounded up, never down", (amount, from, to, text, expected) => {
    expect(convert({ amount, currency: from }, rate(from, to, text))).toEqual({ amount: expected, currency: to });
  });

  it("is never less than what it is worth, and less than one minor unit more, whatever the size", () => {
    const amounts = fc.integer({ min: 0, max: 1_000_000_000_000 });
    const tenThousandths = fc.integer({ min: 1, max: 99_999 });
    fc.assert(
      fc.property(amounts, tenThousandths, (amount, parts) => {
        const text = `${Math.floor(parts / 10_000)}.${String(parts % 10_000).padStart(4, "0")}`;
        const got = convert({ amount, currency: "USD" }, rate("USD", "CNY", text))?.amount ?? Number.NaN;
        const exact = BigInt(amount) * BigInt(parts);
        expect(BigInt(got) * 10_000n - exact).toBeGreaterThanOrEqual(0n);
        expect(BigInt(got) * 10_000n - exact).toBeLessThan(10_000n);
      }),
    );
  });

  it("is unknown in a currency that ISO 4217 does not have", () => {
    expect(convert({ amount: 1, currency: "USD" }, rate("USD", "QQQ", "1"))).toBeUndefined();
    expect(convert({ amount: 1, currency: "QQQ" }, rate("QQQ", "USD", "1"))).toBeUndefined();
  });

  it("needs a rate that is a decimal above nothing", () => {
    for (const good of ["7", "7.1234", "0.0001", "123456789.123456789"]) expect(good).toMatch(RATE);
    for (const bad of ["0", "0.000", "-1", "1e3", "1.", ".5", "1,5", ""]) expect(bad).not.toMatch(RATE);
  });
});

describe("a supplier's decimal", () => {
  it.each([
    ["10.00", "USD", 1000],
    ["10", "USD", 1000],
    ["0.1", "USD", 10],
    ["4.205", "USD", 421],
    [12.5, "CNY", 1250],
    ["1200", "JPY", 1200],
    ["1200.4", "JPY", 1201],
    ["1.2345", "KWD", 1235],
    [10.1, "CNY", 1010],
    [19.99, "CNY", 1999],
    [0.1 + 0.2, "USD", 30],
    [1.1 * 3, "USD", 330],
    ["10.100000000000001", "USD", 1010],
    [344283.1608, "CNY", 34428317],
    [1e-7, "USD", 1],
    [" 10.10 ", "USD", 1010],
    ["1,010.00", "USD", 101000],
    ["1,234,567.8", "USD", 123456780],
    ["1.010,00", "EUR", 101000],
    ["1500.00", "HUF", 150000],
    ["10000", "IDR", 1000000],
    ["1.5", "IQD", 1500],
  ])("%s %s is %i minor units, rounded up", (decimal, currency, amount) => {
    expect(moneyOf(decimal, currency)).toEqual({ amount, currency });
  });

  it.each([
    "",
    "-1",
    "1e3",
    "NaN",
    "1.2.3",
    "0x10",
    "١٢",
    "1,010",
    "10,10",
    "1,01.00",
    "1,0100.00",
    "$10.10",
    "10.10 USD",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    1e16,
    null,
    undefined,
    true,
    {},
    [10],
  ])("%s is no amount", (decimal) => {
    expect(moneyOf(decimal, "USD")).toBeUndefined();
  });

  it("in a currency that nobody knows is no amount", () => {
    for (const currency of ["", "usd", "US", "QQQ", "XTS", "undefined"]) expect(moneyOf("1", currency)).toBeUndefined();
  });

  it("is what a binary fraction stands for, whatever sums and products made it", () => {
    const cents = fc.integer({ min: 0, max: 100_000_000 });
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(moneyOf(a / 100 + b / 100, "USD")).toEqual({ amount: a + b, currency: "USD" });
      }),
    );
  });
});
