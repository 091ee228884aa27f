import * as z from "zod";
import { LIMITS } from "../kernel/limits.ts";

/** So many requests in so many seconds: all at once, or spread; then they come back one by one. */
export type Pace = { quota: number; windowSeconds: number };

/** How much a channel or one of its keys may use the API. What is absent has no limit of its own. */
export const UsageLimits = z
  .object({
    /** Null: as many requests as come. */
    requests: z.object({ quota: z.int(), windowSeconds: z.int() }).nullable(),
    ordersPerDay: z.int(),
    codesPerDay: z.int(),
    revealsPerDay: z.int(),
    /** In minor units, by currency. */
    amountPerDay: z.record(z.string(), z.int()),
    /** Codes of one product, by its id. */
    productPerDay: z.record(z.string(), z.int()),
  })
  .partial();
export type UsageLimits = z.infer<typeof UsageLimits>;

/** Whose use is counted: a key, its channel, and the limits of both. */
export type User = {
  channelId: string;
  keyId: string;
  limits?: UsageLimits | undefined;
  channelLimits?: UsageLimits | undefined;
};

const USUAL: Pace = { quota: LIMITS.requestsPerMinute, windowSeconds: 60 };

/**
 * Tells who shares a pace, and which one: a key that has one of its own, or else all keys of its channel together. Undefined: nobody
 * counts its requests.
 */
export function paceOf({ keyId, channelId, limits, channelLimits }: User): { subject: string; pace: Pace } | undefined {
  const own = limits?.requests;
  const [subject, pace] = own === undefined ? [channelId, channelLimits?.requests] : [keyId, own];
  return pace === null ? undefined : { subject, pace: pace ?? USUAL };
}

/** A part of a pace that one item counts: its share of the requests, and the microseconds after which one comes back. */
export type Lane = { lane: number; quota: number; stepUs: number };

/** Cuts a pace into lanes of at most 500 requests a second, whose shares sum up to it. Pure. */
export function lanesOf({ quota, windowSeconds }: Pace): Lane[] {
  const count = Math.min(quota, Math.ceil(quota / windowSeconds / LIMITS.requestsPerLane));
  return Array.from({ length: count }, (_, lane) => {
    const share = Math.floor((quota + lane) / count);
    return { lane, quota: share, stepUs: Math.max(1, Math.round((windowSeconds * 1e6) / share)) };
  });
}

/** The latest moment, in microseconds, that a lane may be used up to for a request to be let in at `nowUs`. */
export const latestAt = (nowUs: number, { quota, stepUs }: Lane): number => nowUs + (quota - 1) * stepUs;

/** How much of a lane is left that is used up to `usedUpTo`, and how many microseconds until there is more. */
export function leftAt(nowUs: number, usedUpTo: number, { quota, stepUs }: Lane): { left: number; moreInUs: number } {
  const from = Math.max(usedUpTo, nowUs);
  const left = Math.max(0, Math.floor((nowUs - from) / stepUs) + quota);
  return { left, moreInUs: left === quota ? 0 : Math.max(0, from + (left + 1 - quota) * stepUs - nowUs) };
}

/** What an order or a look takes of a day: numbers by what they count. */
export type Taken = {
  orders?: number;
  codes?: number;
  reveals?: number;
  amount?: { amount: number; currency: string };
  products?: ReadonlyMap<string, number>;
};

/** One count of a day that has a limit. `name`: the attribute that counts it. */
export type DayCount = { name: string; adds: number; limit: number; says: string };

/** Gives what is counted of a day for this user, with its limits: those of the channel, and those of the key. Pure. */
export function dayCountsOf({ keyId, limits = {}, channelLimits = {} }: User, taken: Taken): DayCount[] {
  return [
    ...countsOf("", channelLimits, taken, "for the channel"),
    ...countsOf(`${keyId} `, limits, taken, "for the API key"),
  ];
}

function countsOf(prefix: string, limits: UsageLimits, taken: Taken, whom: string): DayCount[] {
  const { orders, codes, reveals, amount, products = new Map<string, number>() } = taken;
  const one = (name: string, adds: number | undefined, limit: number | undefined, what: string): DayCount[] =>
    adds === undefined || limit === undefined
      ? []
      : [{ name: prefix + name, adds, limit, says: `at most ${limit} ${what} a day ${whom}` }];
  return [
    ...one("orders", orders, limits.ordersPerDay, "orders"),
    ...one("codes", codes, limits.codesPerDay, "codes"),
    ...one("reveals", reveals, limits.revealsPerDay, "codes shown again"),
    ...(amount === undefined
      ? []
      : one(
          `amount ${amount.currency}`,
          amount.amount,
          limits.amountPerDay?.[amount.currency],
          `minor units of ${amount.currency}`,
        )),
    ...[...products].flatMap(([id, pieces]) => one(`of ${id}`, pieces, limits.productPerDay?.[id], `codes of ${id}`)),
  ];
}

/** How many tries that lead nowhere there may be in an hour before they are slowed, and before they are blocked. */
export type Patience = { free: number; most: number };

/** Gives the seconds for which a caller is told to wait after so many tries in this hour. 0: not at all. Pure. */
export function pauseAfter(tries: number, { free, most }: Patience, now: Date): number {
  if (tries <= free) return 0;
  return tries <= most ? LIMITS.missPauseSeconds : 3600 - (Math.floor(now.getTime() / 1000) % 3600);
}

/** The hour of a moment, as a number: misses are counted by it. */
export const hourOf = (now: Date): number => Math.floor(now.getTime() / 3_600_000);

/** The network of an address that is counted together: an address of IPv4, or the /64 of one of IPv6, which one customer has. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  if (address.includes(".")) return address.slice(address.lastIndexOf(":") + 1);
  const [head = "", tail] = address.toLowerCase().split("::");
  const begin = head.split(":").filter(Boolean);
  const end = (tail ?? "").split(":").filter(Boolean);
  const zeros = Array.from({ length: tail === undefined ? 0 : Math.max(0, 8 - begin.length - end.length) }, () => "0");
  const network = [...begin, ...zeros, ...end].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}
