import { WrongUsage } from "./wrong-usage.ts";

/** 15.00 would be fifteen of the minor units to JavaScript, and fifteen hundred to whoever typed it: neither is meant. */
export function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new WrongUsage(`--${name} must be a whole number.`);
  return Number(text);
}
