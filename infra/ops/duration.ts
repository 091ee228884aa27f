import { WrongUsage } from "./wrong-usage.ts";

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** What an option of a duration takes. */
export const DURATION = "as 90s, 15m, 2h or 3d, or in seconds";

/** Reads a duration as `90s`, `15m`, `2h` or `3d`, in seconds. Negative with a dash before it. */
export function durationOf(name: string, text: string): number {
  const [, sign, count, unit] = /^(-?)(\d{1,7})([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new WrongUsage(`--${name} is a duration like 90s, 15m, 2h or 3d, and not ${text}.`);
  return Number(`${sign}${count}`) * SECONDS[unit as keyof typeof SECONDS];
}

/** Reads a span of time, which is a duration or a plain number of seconds, in seconds. */
export function secondsOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (text.startsWith("-")) throw new WrongUsage(`--${name} is a span of time, and not ${text}.`);
  return durationOf(name, text);
}
