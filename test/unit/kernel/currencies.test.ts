import { describe, expect, it } from "vitest";
import { CURRENCIES, digitsOf, isCurrency } from "../../../shared/kernel/currencies.ts";
import { Money } from "../../../shared/kernel/money.ts";

describe("the currencies of ISO 4217", () => {
  it("have the minor units that the standard says, whatever ICU says of how shops write them", () => {
    const digits =
      "JPY 0, ISK 0, UGX 0, UYI 0, CNY 2, USD 2, HUF 2, IDR 2, COP 2, PKR 2, RSD 2, AFN 2, MGA 2, IQD 3, KWD 3";
    for (const one of `${digits}, TND 3, CLF 4, UYW 4`.split(", ")) {
      const [code = "", expected] = one.split(" ");
      expect([code, digitsOf(code)]).toEqual([code, Number(expected)]);
    }
  });

  it("are all that are in use, once each, and none without minor units", () => {
    expect(CURRENCIES).toHaveLength(165);
    expect(new Set(CURRENCIES).size).toBe(165);
    for (const code of CURRENCIES) expect(code).toMatch(/^[A-Z]{3}$/);
    for (const code of ["XAU", "XTS", "XXX"])
      expect([code, isCurrency(code), digitsOf(code)]).toEqual([code, false, undefined]);
  });

  it("that were withdrawn keep their minor units, and no new amount names them", () => {
    expect([digitsOf("BGN"), isCurrency("BGN")]).toEqual([2, false]);
  });

  it("are the only ones that an amount may be in", () => {
    expect(Money.safeParse({ amount: 1, currency: "EUR" }).success).toBe(true);
    const says = "is not a currency of ISO 4217";
    const cases = [
      ["EUX", says],
      ["BGN", says],
      ["RMB", `${says}; did you mean CNY?`],
    ];
    for (const [currency, message] of cases) {
      const [issue] = Money.safeParse({ amount: 1, currency }).error?.issues ?? [];
      expect(issue).toMatchObject({ path: ["currency"], message });
    }
  });
});
