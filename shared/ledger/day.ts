import { dayAfter } from "../kernel/clock.ts";
import { memory } from "../kernel/memory.ts";

/** An IANA name, for example `Asia/Shanghai`: the zone whose days the books are kept in. */
export type Zone = string;

const formats = memory<Intl.DateTimeFormat>({ lastsMs: 86_400_000, most: 10 });

/** Making a format takes a millisecond, using it takes microseconds. */
function formatOf(zone: Zone): Intl.DateTimeFormat {
  const known = formats.recall(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  formats.note(zone, made);
  return made;
}

/** Gives the calendar day of a moment in a zone, as `2026-03-01`. */
export function dayIn(zone: Zone, at: string): string {
  if (zone === "UTC") return at.slice(0, 10);
  const parts = new Map(
    formatOf(zone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}

const MOST_OFFSET_MS = 14 * 3_600_000;

/** Gives the moment at which a calendar day begins in a zone, as RFC 3339 UTC. Clocks may change on that day. */
export function startOfDay(zone: Zone, day: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The first moment of the day, between the zone that is most ahead and the one that is most behind.
  let [before, within] = [midnight - MOST_OFFSET_MS - 1, midnight + MOST_OFFSET_MS];
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (dayIn(zone, new Date(middle).toISOString()) < day) before = middle;
    else within = middle;
  }
  return new Date(within).toISOString();
}

/** A calendar day in a zone, and the moment at which it ends. */
export type Day = { name: string; endsAt: string };

/** Gives the calendar day of a moment in a zone, with its end. */
export function dayAt(zone: Zone, now: Date): Day {
  const name = dayIn(zone, now.toISOString());
  return { name, endsAt: startOfDay(zone, dayAfter(name)) };
}
