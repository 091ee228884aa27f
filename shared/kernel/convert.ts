import { digitsOf } from "./currencies.ts";
import type { Money } from "./money.ts";

/**
 * An exchange rate: one unit of `from` costs `rate` units of `to`. The rate is a decimal text, so that it loses no
 * digits.
 */
export type Rate = { from: string; to: string; rate: string; at: string };

export const RATE = /^(?!0+(\.0+)?$)\d{1,9}(\.\d{1,9})?$/;

/**
 * Converts an amount by a rate and rounds it up to whole minor units, so that a cost is never made smaller. Exact, in
 * whole numbers of any size. Undefined when one of the currencies is not in ISO 4217.
 */
export function convert({ amount }: Money, { from, to, rate }: Rate): Money | undefined {
  const [digitsFrom, digitsTo] = [digitsOf(from), digitsOf(to)];
  if (digitsFrom === undefined || digitsTo === undefined) return undefined;
  const [whole = "0", fraction = ""] = rate.split(".");
  const numerator = BigInt(amount) * BigInt(whole + fraction) * 10n ** BigInt(digitsTo);
  const denominator = 10n ** BigInt(fraction.length + digitsFrom);
  return { amount: Number((numerator + denominator - 1n) / denominator), currency: to };
}
