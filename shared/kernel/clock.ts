/** Tells the time: the machine's in production, a test's own in tests, a moved one on a local stack that asks for it. */
export type Clock = () => Date;

/** Tells the machine's own time. Use it only beside times that others stamp by theirs: a stream's record, a supplier's signature. */
export const systemClock: Clock = () => new Date();

/** Gives the machine's time in milliseconds, to measure how long something takes or is remembered. A moved clock changes no duration. */
export const machineMs = (): number => Date.now();

/** Makes a clock that is ahead of the machine's by so many milliseconds, or behind it if they are negative. */
export const movedBy =
  (offsetMs: () => number): Clock =>
  () =>
    new Date(machineMs() + offsetMs());

/** Gives the moment `seconds` after `at`, as RFC 3339 UTC. */
export function after(at: Date, seconds: number): string {
  return new Date(at.getTime() + seconds * 1000).toISOString();
}

/** Gives the whole seconds from `now` until `at`, never negative. */
export function secondsUntil(at: string, now: Date): number {
  return Math.max(0, Math.ceil((Date.parse(at) - now.getTime()) / 1000));
}

/** Gives the day of a moment by UTC, as 2026-11-30. */
export const utcDay = (at: Date): string => at.toISOString().slice(0, "2026-11-30".length);

const DAY_MS = 86_400_000;

/** Gives the day that is so many days after another. */
export const dayAfter = (day: string, days = 1): string =>
  utcDay(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS));

/** The expiry of ranges whose codes don't expire. It sorts behind every date. */
export const NEVER = "9999-12-31T23:59:59.999Z";
