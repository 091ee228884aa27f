import type { Given } from "./command.ts";
import { wholeNumber } from "./whole-number.ts";

/** An amount from an option of minor units and the `currency` beside it. */
export const moneyOf = ({ options }: Given, name: string): unknown => ({
  amount: wholeNumber(name, options[name]),
  currency: options["currency"],
});
