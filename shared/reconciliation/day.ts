import { dayAfter } from "../kernel/clock.ts";
import { startOfDay, type Zone } from "../ledger/day.ts";

/** When a provider's day begins, and the next one. RFC 3339, UTC. */
export const boundsOf = (zone: Zone, day: string): { from: string; to: string } => ({
  from: startOfDay(zone, day),
  to: startOfDay(zone, dayAfter(day)),
});

/** When a day's statement should be there. */
export const readyAt = ({ zone, readyAfterHours }: { zone: Zone; readyAfterHours: number }, day: string): string =>
  new Date(Date.parse(boundsOf(zone, day).to) + readyAfterHours * 3_600_000).toISOString();
