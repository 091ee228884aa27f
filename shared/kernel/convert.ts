import type { Money } from "./money.ts";

/** How many minor units make one unit, as a power of ten: 2 for most currencies, 0 for yen, 3 for dinars. ISO 4217. */
export function digitsOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** One unit of `from` costs so many of `to`, as a decimal text: a rate must not lose digits on its way. */
export type Rate = { from: string; to: string; rate: string; at: string };

export const RATE = /^(?!0+(\.0+)?$)\d{1,9}(\.\d{1,9})?$/;

/**
 * The same amount in the rate's other currency, in whole minor units, rounded up: what something costs us is never made
 * less. Exact, in whole numbers of any size.
 */
export function convert({ amount }: Money, { from, to, rate }: Rate): Money {
  const [whole = "0", fraction = ""] = rate.split(".");
  const numerator = BigInt(amount) * BigInt(whole + fraction) * 10n ** BigInt(digitsOf(to));
  const denominator = 10n ** BigInt(fraction.length + digitsOf(from));
  return { amount: Number((numerator + denominator - 1n) / denominator), currency: to };
}
