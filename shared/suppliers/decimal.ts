import type * as z from "zod";
import { digitsOf } from "../kernel/currencies.ts";
import { LARGEST_AMOUNT, type Money } from "../kernel/money.ts";

/** Significant digits that a binary fraction of 64 bits always keeps. Digits behind them are noise. */
const EXACT_DIGITS = 15;

/**
 * Reads a supplier's amount as whole minor units, rounded up: we never assume to pay less than it says. It may be a
 * number (10.1), a text ("10.10", "1,010.00"), or have the noise of a binary fraction (10.100000000000001 is 10.10).
 * Undefined for what is no amount, for what can be read in two ways ("1,010"), and for a currency that ISO 4217 does
 * not have.
 */
export function moneyOf(amount: unknown, currency: string): Money | undefined {
  const digits = digitsOf(currency);
  const decimal = decimalOf(amount);
  if (digits === undefined || decimal === undefined) return undefined;
  // By its digits and not by arithmetic, because 0.1 + 0.2 is not 0.3.
  const [whole = "", fraction = ""] = decimal.split(".");
  const kept = Number(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  const isMore = /[1-9]/.test(fraction.slice(digits));
  const inMinorUnits = kept + (isMore ? 1 : 0);
  return inMinorUnits <= LARGEST_AMOUNT ? { amount: inMinorUnits, currency } : undefined;
}

/**
 * Reads what we can spend, each currency by itself: one that can't be read is unknown, and the others are read. If we
 * owe the supplier, there is nothing to spend.
 */
export function balancesOf<T>(
  balances: readonly unknown[],
  schema: z.ZodType<T>,
  partsOf: (balance: T) => [amount: unknown, currency: string],
): Money[] {
  return balances.flatMap((balance) => {
    const read = schema.safeParse(balance);
    if (!read.success) return [];
    const [amount, currency] = partsOf(read.data);
    const isDebt = /^-\d/.test(String(amount).trim());
    return moneyOf(isDebt ? 0 : amount, currency) ?? [];
  });
}

/** Reads digits, perhaps with a point and digits behind it. Undefined for everything else. */
function decimalOf(amount: unknown): string | undefined {
  const text = typeof amount === "number" ? String(amount) : typeof amount === "string" ? ungrouped(amount.trim()) : "";
  // JavaScript writes very small numbers with an exponent. A text with one is not read: a spreadsheet has cut its
  // digits.
  if (typeof amount === "number" && Number.isFinite(amount) && amount >= 0 && text.includes("e"))
    return plain(amount.toFixed(EXACT_DIGITS));
  return plain(text);
}

function plain(text: string): string | undefined {
  if (!/^\d{1,15}(\.\d{1,30})?$/.test(text)) return undefined;
  const significant = text.replace(".", "").replace(/^0+/, "").length;
  return significant > EXACT_DIGITS ? withoutNoise(text) : text;
}

/** Rounds to the digits that a binary fraction keeps. */
function withoutNoise(text: string): string {
  const behindPoint = text.split(".")[1]?.length ?? 0;
  const excess = text.replace(".", "").replace(/^0+/, "").length - EXACT_DIGITS;
  return Number(text).toFixed(Math.max(0, behindPoint - excess));
}

/**
 * Removes separators between groups of three, only if a decimal sign of the other kind follows: "1,010" may be one or a
 * thousand.
 */
function ungrouped(text: string): string {
  const [, english] = /^(\d{1,3}(?:,\d{3})+\.\d+)$/.exec(text) ?? [];
  if (english !== undefined) return english.replaceAll(",", "");
  const [, german] = /^(\d{1,3}(?:\.\d{3})+,\d+)$/.exec(text) ?? [];
  return german === undefined ? text : german.replaceAll(".", "").replace(",", ".");
}
