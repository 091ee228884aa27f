import type { SupplierSource } from "../catalog/model.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * Gives when a closed source opens next; undefined: it is open. Times of day are UTC; `from` after `to` spans midnight.
 */
export function opensAt(hours: SupplierSource["hours"], now: Date): string | undefined {
  if (hours === undefined) return undefined;
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  const isOpen = from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  // From a time of day to the same one is the whole day.
  if (isOpen || from === to) return undefined;
  const wait = (from - minute + DAY_MINUTES) % DAY_MINUTES;
  return new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS + wait * MINUTE_MS).toISOString();
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
