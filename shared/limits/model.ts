import * as z from "zod";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Recognise } from "../secrecy/recognition.ts";
import { Per, periodOf, UtcOffset } from "./period.ts";

const Counted = z.strictObject({
  quantity: z.int().min(1).max(1_000_000_000),
  /** Purchases of an earlier period don't count. */
  per: Per,
});

/** Limits of a product: in one order, for one buyer, for one channel, in all. */
export const ProductLimits = z
  .strictObject({
    perOrder: z.int().min(1).max(1_000_000),
    perBuyer: Counted,
    perChannel: Counted,
    total: Counted,
    /** The clock by which periods begin, as an offset from UTC; UTC if nothing is said. */
    utcOffset: UtcOffset,
  })
  .partial();
export type ProductLimits = z.infer<typeof ProductLimits>;

/**
 * A channel's customer: `name` is a keyed hash that nobody can guess backwards, `older` the plain hash that an earlier
 * version counted under.
 */
export type Buyer = { name: string; older: string };

export function buyerOf(recognise: Recognise, channelId: string, said: string | undefined): Buyer | undefined {
  if (said === undefined) return undefined;
  return { name: recognise("buyer", [channelId, said]), older: idOf("evt", channelId, said) };
}

/** A counter that an order raises. It is raised with the order, and lowered when pieces of the order go back. */
export type Counter = {
  /** Names the product, the kind of limit, the subject and the period. */
  key: string;
  quantity: number;
  /** The highest value after raising. */
  limit: number;
  /** When the period ends. Absent: never. */
  endsAt?: string;
  /** The limit in words, for the refusal. */
  says: string;
  /**
   * The counter of an earlier version. It counts together with this one until its period is over; nothing raises it any
   * more.
   */
  olderKey?: string;
};

/** Who has unpaid orders. `unpaidLimit`: how many the channel may have. Absent: as many as any channel · null: it has no limit. */
export type Holder = { channelId: string; buyer: Buyer | undefined; unpaidLimit?: number | null };

/**
 * Gives the counters of an unpaid order: of its channel, unless that has no limit, and of its buyer, if the order names one. A counter is
 * one item, which each order of the channel writes twice: a channel that sells hundreds a second can't have one.
 */
export function holdingsOf({ channelId, buyer, unpaidLimit = LIMITS.unpaidPerChannel }: Holder): Counter[] {
  const { unpaidPerBuyer } = LIMITS;
  const counter = (kind: string, subject: string | Buyer, limit: number, whom: string): Counter => ({
    ...keysOf(subject, (name) => ["unpaid", kind, name]),
    quantity: 1,
    limit,
    says: `at most ${limit} unpaid orders ${whom}`,
  });
  return [
    ...(unpaidLimit === null ? [] : [counter("channel", channelId, unpaidLimit, "for the channel")]),
    ...(buyer === undefined ? [] : [counter("buyer", buyer, unpaidPerBuyer, "for each buyer")]),
  ];
}

/** Tells whether a counter counts unpaid orders. It has no period: it goes down as often as it goes up. */
export const isHolding = ({ key }: Raised): boolean => key.startsWith("unpaid#");

/** Makes the keys of a counter. Only buyers had other names in an earlier version. */
function keysOf(subject: string | Buyer, keyOf: (name: string) => string[]): Pick<Counter, "key" | "olderKey"> {
  if (typeof subject === "string") return { key: keyOf(subject).join("#") };
  return { key: keyOf(subject.name).join("#"), olderKey: keyOf(subject.older).join("#") };
}

/** The part of a counter that an order stores. */
export type Raised = Pick<Counter, "key" | "quantity" | "endsAt">;

/**
 * Splits counters when pieces go back, so many of each product: `down` is what they go down by, `stays` what stays
 * raised. Never more than was raised. Counters of unpaid orders name no product and stay as they are.
 */
export function lowered(
  raised: readonly Raised[],
  back: ReadonlyMap<string, number>,
): { down: Raised[]; stays: Raised[] } {
  const parts = raised.map((counter) => {
    const down = Math.min(counter.quantity, back.get(productIn(counter)) ?? 0);
    return { down: { ...counter, quantity: down }, stays: { ...counter, quantity: counter.quantity - down } };
  });
  const some = ({ quantity }: Raised): boolean => quantity > 0;
  return { down: parts.map(({ down }) => down).filter(some), stays: parts.map(({ stays }) => stays).filter(some) };
}

/** Gives the product that a counter of `countersOf` is about. */
const productIn = ({ key }: Raised): string => key.split("#")[1] ?? "";

export type Wanted = { productId: string; quantity: number; limits: ProductLimits };

/** Finds a product of which more is wanted than one order may have. */
export function beyondOneOrder(wanted: readonly Wanted[]): Wanted | undefined {
  return wanted.find(({ quantity, limits }) => quantity > (limits.perOrder ?? Number.POSITIVE_INFINITY));
}

/** Tells whether the order must name its buyer. */
export const asksForBuyer = ({ limits }: Wanted): boolean => limits.perBuyer !== undefined;

const SAYS: Record<Per, string> = { hour: " an hour", day: " a day", week: " a week", month: " a month", ever: "" };

/** Gives the counters of an order; none for products without limits. A buyer is stored as a keyed hash. */
export function countersOf(
  wanted: readonly Wanted[],
  { channelId, buyer }: { channelId: string; buyer: Buyer | undefined },
  now: Date,
): Counter[] {
  return wanted.flatMap(({ productId, quantity, limits }) => {
    const kinds = [
      ["perBuyer", buyer, "for each buyer"],
      ["perChannel", channelId, "for each channel"],
      ["total", "all", "in all"],
    ] as const;
    return kinds.flatMap(([kind, subject, whom]): Counter[] => {
      const limit = limits[kind];
      if (limit === undefined || subject === undefined) return [];
      const { per, quantity: most } = limit;
      const period = per === "ever" ? undefined : periodOf(per, limits.utcOffset ?? "+00:00", now);
      return [
        {
          ...keysOf(subject, (name) => ["limit", productId, kind, name, period?.name ?? "ever"]),
          quantity,
          limit: most,
          says: `at most ${most} ${whom}${SAYS[per]}`,
          ...(period === undefined ? {} : { endsAt: period.endsAt }),
        },
      ];
    });
  });
}
