import { digitsOf } from "../../shared/kernel/currencies.ts";
import type { Given } from "./command.ts";
import { wholeNumber } from "./whole-number.ts";

/** An amount as it was said: the API says what is wrong with it. */
type Said = { amount: number | undefined; currency: string | undefined };

/** An amount from an option of minor units and the `currency` beside it. */
export const moneyOf = ({ options }: Given, name: string): Said => ({
  amount: wholeNumber(name, options[name]),
  currency: options["currency"],
});

/** An amount as people read it, `15.00 CNY`; of a currency that is not known, in whatever its minor units are. */
export function moneyText({ amount = 0, currency = "" }: Said): string {
  const digits = digitsOf(currency);
  if (digits === undefined) return `${amount} minor units of ${currency}`;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}
