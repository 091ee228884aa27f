/** Tells the time: the machine's in production, a test's own in tests. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** The moment `seconds` after `at`, as RFC 3339 UTC. */
export function after(at: Date, seconds: number): string {
  return new Date(at.getTime() + seconds * 1000).toISOString();
}

/** Whole seconds from `now` until `at`, never negative. */
export function secondsUntil(at: string, now: Date): number {
  return Math.max(0, Math.ceil((Date.parse(at) - now.getTime()) / 1000));
}
