import { WrongUsage } from "./wrong-usage.ts";

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Reads a duration as `90s`, `15m`, `2h` or `3d`, in seconds. Negative with a dash before it. */
export function durationOf(name: string, text: string): number {
  const [, sign, count, unit] = /^(-?)(\d{1,7})([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new WrongUsage(`--${name} is a duration like 90s, 15m, 2h or 3d, and not ${text}.`);
  return Number(`${sign}${count}`) * SECONDS[unit as keyof typeof SECONDS];
}
