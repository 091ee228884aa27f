import type { Key } from "../aws/dynamo.ts";
import type { Pace } from "./model.ts";

/** The version of what these counters hold. They are only counted and compared, and never parsed. */
export const VERSION = 1;

/** How the keys begin under which stands up to when a lane of a pace is used. */
export const PACES = "pace#";
/** Each pace of a subject counts for itself: what was used at another one says nothing about when a place comes back. */
export const paceKey = (subject: string, { quota, windowSeconds }: Pace, lane: number): Key => ({
  pk: `${PACES}${subject}#${quota}/${windowSeconds}#${lane}`,
  sk: "pace",
});

/** How the keys begin of what a channel and its keys have used in a day. */
export const DAYS = "usage#";
export const dayKey = (channelId: string, day: string): Key => ({ pk: `${DAYS}${channelId}`, sk: day });

/** How the keys begin of tries that lead nowhere, of an address or a key, by the hour. */
export const MISSES = "misses#";
export const missKey = (subject: string, hour: number): Key => ({ pk: `${MISSES}${subject}`, sk: String(hour) });
