import type { Adjustment, Discount, Promotion, WhyNot } from "./promotion.ts";
import { split } from "./split.ts";

/** A line of a cart. Amounts are in minor units of the cart's currency. */
export type CartLine = {
  /** Lines take part in the order of their ids. */
  id: string;
  productId: string;
  quantity: number;
  /** The list price of one piece. */
  unitPrice: number;
  /** No promotion makes a piece cheaper than this. */
  floor?: number;
};

/** A line while it is priced. */
export type Working = {
  line: CartLine;
  /** What all its pieces cost by now, after the phase `price`, and after the phase `line`. */
  net: number;
  initial: number;
  afterLine: number;
  /** The part of the net that others pay by a tender. */
  tendered: number;
  adjustments: Adjustment[];
};

/** What a discount takes off each line, and in all. */
export type Taken = { amounts: ReadonlyMap<Working, number>; total: number };

export const isFor = ({ products }: Pick<Promotion, "products">, { line }: Working): boolean =>
  line.quantity > 0 && (products === undefined || products.includes(line.productId));

/** How much can still be taken off a line, or paid of it by a tender. */
const roomOf = ({ line, net, tendered }: Working, { phase }: Discount): number =>
  phase === "tender" ? net - tendered : Math.max(0, net - (line.floor ?? 0) * line.quantity);

/** Computes what a discount takes off each line as things stand, or why it takes nothing. Changes nothing. */
export function takenBy(discount: Discount, lines: readonly Working[]): Taken | WhyNot {
  const eligible = lines.filter((line) => isFor(discount, line));
  if (eligible.length === 0) return "not_eligible";
  const { phase, from = 0, base } = discount;
  const isLater = phase === "order" || phase === "coupon";
  if (sumOf(eligible, ({ net, afterLine }) => (isLater ? afterLine : net)) < from) return "below_threshold";
  const weights = eligible.map(({ net, initial }) => (base === "initial" ? initial : net));
  const rooms = eligible.map((line) => roomOf(line, discount));
  const total = Math.min(
    wantedBy(
      discount,
      sumOf(weights, (one) => one),
    ),
    sumOf(rooms, (one) => one),
  );
  if (total === 0) return "nothing_to_take_off";
  const shares = fill(total, weights, rooms);
  return { total, amounts: new Map(eligible.map((line, at) => [line, shares[at] ?? 0])) };
}

function wantedBy({ takes }: Discount, sum: number): number {
  if ("amount" in takes) return takes.amount;
  const exact = BigInt(sum) * BigInt(takes.basisPoints);
  return Math.min(Number((2n * exact + ALL_OF_IT) / (2n * ALL_OF_IT)), takes.atMost ?? Number.POSITIVE_INFINITY);
}

const ALL_OF_IT = 10_000n;

/** Splits an amount by weight where some have room for less than their share: the others then take more. */
function fill(amount: number, weights: readonly number[], rooms: readonly number[]): number[] {
  const shares = weights.map(() => 0);
  for (let left = amount; left > 0; ) {
    const roomIn = (at: number): number => (rooms[at] ?? 0) - (shares[at] ?? 0);
    const parts = split(
      left,
      weights.map((weight, at) => (roomIn(at) > 0 ? weight : 0)),
    );
    for (const [at, part] of parts.entries()) {
      const fits = Math.min(part, roomIn(at));
      shares[at] = (shares[at] ?? 0) + fits;
      left -= fits;
    }
  }
  return shares;
}

/** Notes on a line what a promotion takes off it, or pays of it. */
export function adjust(working: Working, promotion: Promotion, amount: number): void {
  if (amount === 0) return;
  const { id: promotionId, version, name, phase, payer } = promotion;
  const adjustment = { promotionId, version, name, phase, amount };
  working.adjustments.push(payer === undefined ? adjustment : { ...adjustment, payer });
  if (phase === "tender") working.tendered += amount;
  else working.net -= amount;
}

export function sumOf<T>(many: readonly T[], amountOf: (one: T) => number): number {
  return many.reduce((sum, one) => sum + amountOf(one), 0);
}
