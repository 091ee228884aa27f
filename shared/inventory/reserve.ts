import type { Db } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Cut, planCuts } from "./cut.ts";
import { readDirectory } from "./directory.ts";
import type { PoolId, Range, Reserved, ReservedFor } from "./model.ts";
import { type Buyer, poolsFor } from "./pools.ts";
import { readRanges } from "./ranges.ts";

type Deps = Db<"inventory">;

/**
 * What a large order wants of one product. `whole`: all of it or nothing. `cutsAtMost`: each cut takes its place in the
 * transaction. `goodUntil`: the codes are held this long, and must not expire before.
 */
export type Wish = {
  reservedFor: ReservedFor;
  buyer: Buyer;
  productId: string;
  quantity: number;
  whole: boolean;
  cutsAtMost: number;
  goodUntil?: string | undefined;
};

/**
 * The cuts for a wish, and how many codes they are. No cuts: there are too few codes, or they lie in too many pieces.
 */
export type Reservation = { cuts: Cut[]; quantity: number; isScattered: boolean };

/**
 * Plans the codes of a large order: whole runs of the stock that its buyer may have, first-expiring first. Taken chunk
 * by chunk from the common ranges, two orders of 60 would take each other's codes on a stock of 100; cut off in the one
 * transaction that puts the order, one of them gets them. Nothing is written here.
 */
export async function planReservation(deps: Deps, wish: Wish, now: Date): Promise<Reservation> {
  const soon = after(now, LIMITS.minimumValiditySeconds);
  const pools = await poolsFor(deps, wish.productId, wish.buyer);
  const stock = (await Promise.all(pools.map((pool) => openRanges(deps, wish.productId, pool)))).flat();
  const { goodUntil = "" } = wish;
  const sellable = stock.filter(({ left, expiresAt }) => left > 0 && expiresAt > soon && expiresAt > goodUntil);
  const isEnough = leftIn(sellable) >= wish.quantity;
  const nearest = cutsFor(wish, sellable);
  const isScattered = nearest.length > wish.cutsAtMost;
  // In too many pieces: take the largest of them, whenever they expire.
  const cuts = isScattered ? cutsFor(wish, largest(sellable, wish.cutsAtMost)) : nearest;
  const quantity = cuts.reduce((sum, cut) => sum + cut.quantity, 0);
  if (wish.whole && quantity < wish.quantity) return { cuts: [], quantity: 0, isScattered: isEnough };
  return { cuts, quantity, isScattered };
}

const leftIn = (ranges: readonly Range[]): number => ranges.reduce((sum, { left }) => sum + left, 0);

const largest = (ranges: readonly Range[], count: number): Range[] =>
  ranges.toSorted((a, b) => b.left - a.left).slice(0, count);

function cutsFor({ quantity, reservedFor }: Wish, ranges: readonly Range[]): Cut[] {
  return planCuts(ranges, Math.min(quantity, leftIn(ranges)), reservedFor) ?? [];
}

async function openRanges(deps: Deps, productId: string, pool: PoolId): Promise<Range[]> {
  const { ranges, frozen } = await readDirectory(deps, productId, pool);
  if (frozen === true) return [];
  const counters = await readRanges(
    deps,
    ranges.map(({ id }) => id),
  );
  return counters.filter(({ state }) => state === "open");
}

/** Gives the runs of a reservation as the order names them. */
export function reservedBy(cuts: readonly Cut[]): Reserved[] {
  return cuts.flatMap(({ from, quantity, made }) =>
    made.map(({ id, slab, pool, head }) => ({ range: id, from: from.id, slab, pool, first: head, quantity })),
  );
}
