import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CURRENCIES } from "../../../../shared/kernel/currencies.ts";
import { chargeInStripe, fromStripe, toStripe } from "../../../../shared/payments/stripe/currency.ts";

// Amounts as https://docs.stripe.com/currencies has them. One zero too many takes a hundred times as much.

const money = (amount: number, currency: string) => ({ amount, currency });

test.each([
  ["10.00 dollars", money(1000, "USD"), 1000],
  ["15.00 yuan", money(1500, "CNY"), 1500],
  ["500 yen", money(500, "JPY"), 500],
  ["1,000 won", money(1000, "KRW"), 1000],
  ["5 krónur, which Stripe counts in hundredths", money(5, "ISK"), 500],
  ["5 Ugandan shillings, too", money(5, "UGX"), 500],
  ["5.00 ariary, which Stripe counts whole", money(500, "MGA"), 5],
  ["5.120 Kuwaiti dinars", money(5120, "KWD"), 5120],
  ["10.45 forints: only payouts are whole", money(1045, "HUF"), 1045],
  ["800.45 Taiwan dollars", money(80_045, "TWD"), 80_045],
])("%s are the same in Stripe's unit, and back", (_what, ours, amount) => {
  expect(toStripe(ours)).toEqual({ ok: true, amount });
  expect(fromStripe(amount, ours.currency.toLowerCase())).toEqual(ours);
});

test.each([
  ["5.124 dinars: the last digit must be 0", money(5124, "KWD"), "amount_not_chargeable"],
  ["half an ariary", money(50, "MGA"), "amount_not_chargeable"],
  ["Libyan dinars, of which Stripe says nothing", money(1000, "LYD"), "currency_not_supported"],
  ["a unit of account with four decimals", money(10_000, "CLF"), "currency_not_supported"],
  ["0.49 dollars", money(49, "USD"), "amount_too_small"],
  ["14.99 Czech crowns", money(1499, "CZK"), "amount_too_small"],
  ["174.99 forints", money(17_499, "HUF"), "amount_too_small"],
  ["49 yen", money(49, "JPY"), "amount_too_small"],
  ["nothing", money(0, "CNY"), "amount_too_small"],
  ["more than twelve digits", money(1_000_000_000_000, "CNY"), "amount_too_large"],
])("%s is refused before anything is sent", (_what, ours, reason) => {
  expect(chargeInStripe(ours)).toEqual({ ok: false, reason });
});

test.each([
  [money(50, "USD"), 50],
  [money(1500, "CZK"), 1500],
  [money(30, "GBP"), 30],
  [money(50, "JPY"), 50],
])("the smallest charge is taken: %o", (ours, amount) => {
  expect(chargeInStripe(ours)).toEqual({ ok: true, amount });
});

test("whatever can be said in Stripe's unit means the same when it comes back", () => {
  const { failed } = fc.check(
    fc.property(fc.constantFrom(...CURRENCIES), fc.nat({ max: 1_000_000_000 }), (currency, amount) => {
      const theirs = toStripe({ amount, currency });
      return !theirs.ok || isDeepStrictEqual(fromStripe(theirs.amount, currency.toLowerCase()), { amount, currency });
    }),
  );
  expect(failed).toBe(false);
});

test("what Stripe says and we can't say exactly is no amount", () => {
  expect(fromStripe(550, "isk")).toBeUndefined();
  expect(fromStripe(100, "xyz")).toBeUndefined();
});
