import * as z from "zod";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Recognise } from "../secrecy/recognition.ts";
import { Per, periodOf, UtcOffset } from "./period.ts";

const Counted = z.strictObject({
  quantity: z.int().min(1).max(1_000_000_000),
  /** What was bought in an earlier period counts no more. */
  per: Per,
});

/** How much of a product may be bought: at once, by one buyer, by one channel, by all. */
export const ProductLimits = z
  .strictObject({
    perOrder: z.int().min(1).max(1_000_000),
    perBuyer: Counted,
    perChannel: Counted,
    total: Counted,
    /** By which clocks periods begin; UTC unless said. */
    utcOffset: UtcOffset,
  })
  .partial();
export type ProductLimits = z.infer<typeof ProductLimits>;

/** A channel's customer, by a name that nobody can guess back; and by the plain hash that an earlier version counted under. */
export type Buyer = { name: string; older: string };

export function buyerOf(recognise: Recognise, channelId: string, said: string | undefined): Buyer | undefined {
  if (said === undefined) return undefined;
  return { name: recognise("buyer", [channelId, said]), older: idOf("evt", channelId, said) };
}

/** One counter that an order raises: it is raised with the order, and lowered when all of the order goes back. */
export type Counter = {
  /** Names product, kind of limit, whom it is for, and the period. */
  key: string;
  quantity: number;
  /** What it may be at most, afterwards. */
  limit: number;
  /** When the period is over; absent: never. */
  endsAt?: string;
  /** In words, for who is refused. */
  says: string;
  /** The counter of an earlier version, which counts with this one until its period is over. Nothing raises it any more. */
  olderKey?: string;
};

/** The counters of an order that is paid later: of its buyer, if it says who that is, and of its channel. */
export function holdingsOf({ channelId, buyer }: { channelId: string; buyer: Buyer | undefined }): Counter[] {
  const { unpaidPerBuyer, unpaidPerChannel } = LIMITS;
  const counter = (kind: string, subject: string | Buyer, limit: number, whom: string): Counter => ({
    ...keysOf(subject, (name) => ["unpaid", kind, name]),
    quantity: 1,
    limit,
    says: `at most ${limit} unpaid orders ${whom}`,
  });
  return [
    counter("channel", channelId, unpaidPerChannel, "for each channel"),
    ...(buyer === undefined ? [] : [counter("buyer", buyer, unpaidPerBuyer, "for each buyer")]),
  ];
}

/** Is it a counter of `holdingsOf`? It has no period: as many go down again as go up. */
export const isHolding = ({ key }: Raised): boolean => key.startsWith("unpaid#");

/** Only buyers were called otherwise by an earlier version. */
function keysOf(subject: string | Buyer, keyOf: (name: string) => string[]): Pick<Counter, "key" | "olderKey"> {
  if (typeof subject === "string") return { key: keyOf(subject).join("#") };
  return { key: keyOf(subject.name).join("#"), olderKey: keyOf(subject.older).join("#") };
}

/** What an order keeps of its counters. */
export type Raised = Pick<Counter, "key" | "quantity" | "endsAt">;

/**
 * Lowers counters for pieces that went back, so many of each product: what they go down by, and what stays raised. Never by more
 * than was raised. The counters of unpaid orders name no product and are left alone.
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

/** The product that a counter of `countersOf` is about. */
const productIn = ({ key }: Raised): string => key.split("#")[1] ?? "";

export type Wanted = { productId: string; quantity: number; limits: ProductLimits };

/** The product that wants to be bought in greater quantity than one order may have. */
export function beyondOneOrder(wanted: readonly Wanted[]): Wanted | undefined {
  return wanted.find(({ quantity, limits }) => quantity > (limits.perOrder ?? Number.POSITIVE_INFINITY));
}

/** Does it need to know who buys? */
export const asksForBuyer = ({ limits }: Wanted): boolean => limits.perBuyer !== undefined;

const SAYS: Record<Per, string> = { hour: " an hour", day: " a day", week: " a week", month: " a month", ever: "" };

/** The counters of an order, none for products without limits. The buyer is kept as a keyed hash. */
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
