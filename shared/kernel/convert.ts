import { digitsOf } from "./currencies.ts";
import type { Money } from "./money.ts";

/** One unit of `from` costs so many of `to`, as a decimal text: a rate must not lose digits on its way. */
export type Rate = { from: string; to: string; rate: string; at: string };

export const RATE = /^(?!0+(\.0+)?$)\d{1,9}(\.\d{1,9})?$/;

/**
 * The same amount in the rate's other currency, in whole minor units, rounded up: what something costs us is never made
 * less. Exact, in whole numbers of any size. Undefined when one of the currencies is not in ISO 4217.
 */
export function convert({ amount }: Money, { from, to, rate }: Rate): Money | undefined {
  const [digitsFrom, digitsTo] = [digitsOf(from), digitsOf(to)];
  if (digitsFrom === undefined || digitsTo === undefined) return undefined;
  const [whole = "0", fraction = ""] = rate.split(".");
  const numerator = BigInt(amount) * BigInt(whole + fraction) * 10n ** BigInt(digitsTo);
  const denominator = 10n ** BigInt(fraction.length + digitsFrom);
  return { amount: Number((numerator + denominator - 1n) / denominator), currency: to };
}
