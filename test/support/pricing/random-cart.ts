import type { Discount, Promotion } from "../../../shared/pricing/promotion.ts";
import type { CartLine } from "../../../shared/pricing/working.ts";
import type { Random } from "../random.ts";

const PHASES = ["line", "order", "coupon", "tender"] as const;

/** A cart of one to five lines, of few pieces and small prices: that is where rounding hurts. */
export function randomCart(random: Random, most = { lines: 5, pieces: 7, price: 300 }): CartLine[] {
  return Array.from({ length: 1 + random.below(most.lines) }, (_, at) => {
    const unitPrice = 1 + random.below(most.price);
    return {
      id: String(at + 1),
      productId: `prod_${random.below(4)}`,
      quantity: 1 + random.below(most.pieces),
      unitPrice,
      ...(random.below(4) === 0 ? { floor: random.below(unitPrice + 1) } : {}),
    };
  });
}

/** Up to five promotions of any phase, some for some products, some from a sum on, some paid by an account of their own. */
export function randomPromotions(random: Random): Promotion[] {
  return Array.from({ length: random.below(6) }, (_, at): Promotion => {
    const common = {
      id: `promo_${at}`,
      version: 1 + random.below(3),
      name: `Promotion ${at}`,
      priority: random.below(3),
      ...(random.below(3) === 0 ? { products: [`prod_${random.below(4)}`, `prod_${random.below(4)}`] } : {}),
      ...(random.below(3) === 0 ? { from: random.below(1_500) } : {}),
      ...(random.below(2) === 0 ? { payer: `promo:${random.below(3)}` } : {}),
    };
    if (random.below(6) === 0) return { ...common, phase: "price", price: random.below(200) };
    const phase = random.pick(PHASES);
    const takes: Discount["takes"] =
      random.below(2) === 0
        ? { amount: random.below(400) }
        : { basisPoints: random.below(10_001), ...(random.below(3) === 0 ? { atMost: random.below(200) } : {}) };
    return {
      ...common,
      phase,
      takes,
      ...(phase === "tender" ? { payer: `points:${random.below(2)}` } : {}),
      ...(random.below(5) === 0 ? { base: "initial" } : {}),
      ...(random.below(4) === 0 ? { exclusiveGroup: `group ${random.below(2)}` } : {}),
      ...(random.below(6) === 0 ? { stops: true } : {}),
    };
  });
}

/** The same in another order. */
export const shuffled = <T>(random: Random, all: readonly T[]): T[] =>
  all
    .map((one) => ({ one, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
