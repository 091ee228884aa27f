import * as z from "zod";
import { Currency, type Money } from "../kernel/money.ts";

/** What a provider keeps of a payment by its contract: so many millionths of it, rounded half up, and so many minor units more. */
export type Fee = { ppm: number; fixed?: number };

const FEE = /^(?:([A-Z]{3}):)?(\d{1,2})(?:\.(\d{1,4}))?%(?:\+(\d{1,9}))?$/;

/** A contracted rate as people write it. */
const FeeText = z
  .string()
  .regex(FEE, { message: "must be as 0.6%, or for one currency USD:2.9%+30, in minor units", abort: true })
  .refine((text) => currencyOf(text) === undefined || Currency.safeParse(currencyOf(text)).success, {
    message: "is for a currency that there isn't",
  })
  .refine((text) => currencyOf(text) !== undefined || !text.includes("+"), "must name the currency of what is fixed");

/** The contracted rates of one provider: for one currency each, and one for all others. */
export const Fees = z
  .array(FeeText)
  .max(20)
  .refine((fees) => new Set(fees.map(currencyOf)).size === fees.length, "has two rates for one currency")
  .meta({
    description:
      "What the provider keeps of each payment by its contract: `0.6%`, or for one currency `USD:2.9%+30`, the second part in minor units.",
  });

function currencyOf(text: string): string | undefined {
  return FEE.exec(text)?.[1];
}

/** Finds the rate for a currency: its own, or that for all. Undefined: none was said, and no fee is booked. */
export function feeIn(fees: readonly string[] | undefined, currency: string): Fee | undefined {
  const text = fees?.find((one) => currencyOf(one) === currency) ?? fees?.find((one) => currencyOf(one) === undefined);
  const [, , whole, decimals = "", fixed] = FEE.exec(text ?? "") ?? [];
  if (whole === undefined) return undefined;
  const ppm = Number(whole) * 10_000 + Number(decimals.padEnd(4, "0"));
  return { ppm, ...(fixed === undefined ? {} : { fixed: Number(fixed) }) };
}

/** Computes a fee in minor units. It may be more than a very small payment. */
export function feeOn({ amount }: Pick<Money, "amount">, { ppm, fixed = 0 }: Fee): number {
  // An amount times a rate is more than a number can count exactly.
  return Number((2n * BigInt(amount) * BigInt(ppm) + MILLION) / (2n * MILLION)) + fixed;
}

const MILLION = 1_000_000n;
