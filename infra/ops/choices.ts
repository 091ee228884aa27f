import { CURRENCIES, isCurrency, meant } from "../../shared/kernel/currencies.ts";
import type { Given, Options } from "./command.ts";
import { didYouMean } from "./nearest.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** What an option of a currency takes. */
export const CURRENCY = { about: "ISO 4217", choices: CURRENCIES } as const;

/** So many choices fit into a sentence. */
const TOLD_AT_MOST = 12;

/** Refuses a value that is none of an option's choices, and names the one that may have been meant. */
export function refuseOtherChoices(options: Options, given: Given["options"]): void {
  for (const [name, { choices, many }] of Object.entries(options)) {
    const said = given[name];
    if (choices === undefined || said === undefined) continue;
    for (const one of many === true ? said.split(",") : [said]) refuseOther(name, one, choices);
  }
}

function refuseOther(name: string, said: string, choices: readonly string[]): void {
  if (choices.includes(said)) return;
  const what =
    choices === CURRENCIES ? unknownCurrency(said) : `${said} is none of its values${suggested(said, choices)}`;
  throw new WrongUsage(`--${name} ${what}`);
}

function suggested(said: string, choices: readonly string[]): string {
  const known = choices.length > TOLD_AT_MOST ? "" : ` It takes ${choices.join(", ")}.`;
  return `${didYouMean(said, choices) || "."}${known}`;
}

/** Says what is wrong with a currency, and which one may have been meant: yuan are often written RMB. */
export function unknownCurrency(said: string): string {
  const other = meant(said.toUpperCase());
  const question = other === undefined ? didYouMean(said, CURRENCIES) : `; did you mean ${other}?`;
  return `${said} is no currency of ISO 4217${question || "."}`;
}

/** Refuses a currency that there isn't. */
export function refuseOtherCurrency(name: string, said: string): void {
  if (!isCurrency(said)) throw new WrongUsage(`--${name}: ${unknownCurrency(said)}`);
}
