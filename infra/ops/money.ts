import { digitsOf } from "../../shared/kernel/currencies.ts";
import type { Given } from "./command.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** What an option of an amount takes. */
export const MONEY = "minor units, as 1500, or with a point, as 15.00";

/** An amount as it was said: the API says what is wrong with it. */
export type Said = { amount: number | undefined; currency: string | undefined };

/**
 * Reads an amount in minor units. A whole number is minor units already (`1500`); a number with a point is what people write
 * (`15.00`), and must have exactly the decimals of its currency: `15.0` and `15.000` may be slips of one another.
 */
export function amountOf(name: string, text: string | undefined, currency: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const [, whole, decimals] = /^(\d{1,12})\.(\d+)$/.exec(text) ?? [];
  if (whole === undefined || decimals === undefined)
    throw new WrongUsage(
      `--${name} must be a whole number of minor units, as 1500, or an amount with a point, as 15.00.`,
    );
  if (currency === undefined) throw new WrongUsage(`--${name} ${text} needs --currency beside it.`);
  const digits = digitsOf(currency);
  if (digits === undefined)
    throw new WrongUsage(`--${name} must be a whole number: the decimals of ${currency} are not known.`);
  if (digits === 0) throw new WrongUsage(`--${name} must be a whole number: ${currency} has no decimals.`);
  if (decimals.length !== digits)
    throw new WrongUsage(`--${name} must have ${digits} decimals in ${currency}, and not be ${text}.`);
  return Number(whole + decimals);
}

/** An amount from an option and the `currency` beside it. */
export const moneyOf = ({ options }: Given, name: string): Said => ({
  amount: amountOf(name, options[name], options["currency"]),
  currency: options["currency"],
});

/** Writes an amount with exactly the decimals of its currency, without ever making it a fraction. */
export function decimal(amount: number, currency: string): string {
  const digits = digitsOf(currency) ?? 0;
  const text = String(Math.abs(amount)).padStart(digits + 1, "0");
  const sign = amount < 0 ? "-" : "";
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** An amount as people read it, `15.00 CNY`; of a currency that is not known, in whatever its minor units are. */
export function moneyText({ amount = 0, currency = "" }: Said): string {
  if (digitsOf(currency) === undefined) return `${amount} minor units of ${currency}`;
  return `${decimal(amount, currency)} ${currency}`;
}

/** An amount in both ways of writing it: `1500 = 15.00 CNY`. */
export const moneyBothWays = (money: Said): string => `${money.amount} = ${moneyText(money)}`;

/** Tells whether an amount is below one of what people count in: `25` for 25 yuan is the usual slip. */
export function isBelowOne({ amount = 0, currency = "" }: Said): boolean {
  return amount > 0 && amount < 10 ** (digitsOf(currency) ?? 0);
}
