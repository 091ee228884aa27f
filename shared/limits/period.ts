import * as z from "zod";

/** How long a purchase counts; `ever`: always. A week begins on Monday. */
export const Per = z.enum(["hour", "day", "week", "month", "ever"]);
export type Per = z.infer<typeof Per>;

/** A clock as hours and minutes ahead of UTC; it says where midnight is. */
export const UtcOffset = z.string().regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, "must be an offset from UTC, as +08:00");

/** A period: a name that no other period has, and the moment at which it ends. */
export type Period = { name: string; endsAt: string };

/** Gives the period of a moment, by the clock of this offset. Pure. */
export function periodOf(per: Exclude<Per, "ever">, utcOffset: string, now: Date): Period {
  const offset = minutesIn(utcOffset) * 60_000;
  // Shifts the time as if that clock showed UTC; then the calendar is arithmetic.
  const local = new Date(now.getTime() + offset);
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  const sinceMonday = (local.getUTCDay() + 6) % 7;
  const bounds = {
    hour: [Date.UTC(year, month, day, local.getUTCHours()), Date.UTC(year, month, day, local.getUTCHours() + 1)],
    day: [Date.UTC(year, month, day), Date.UTC(year, month, day + 1)],
    week: [Date.UTC(year, month, day - sinceMonday), Date.UTC(year, month, day - sinceMonday + 7)],
    month: [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)],
  } as const;
  const [begin, end] = bounds[per];
  const name = new Date(begin).toISOString().slice(0, { hour: 13, day: 10, week: 10, month: 7 }[per]);
  return { name: per === "week" ? `week ${name}` : name, endsAt: new Date(end - offset).toISOString() };
}

function minutesIn(utcOffset: string): number {
  const [hours = 0, minutes = 0] = utcOffset.slice(1).split(":").map(Number);
  return (hours * 60 + minutes) * (utcOffset.startsWith("-") ? -1 : 1);
}
