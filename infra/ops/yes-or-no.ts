import { WrongUsage } from "./wrong-usage.ts";

/** Whoever types `true` to freeze a pool must not thaw it. */
export function yesOrNo(name: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text !== "yes" && text !== "no") throw new WrongUsage(`--${name} must be yes or no.`);
  return text === "yes";
}
