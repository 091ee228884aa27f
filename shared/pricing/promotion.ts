/**
 * The phases of a price, in the order in which they apply. `price` replaces the list price of each piece · `line`,
 * `order` and `coupon` take something off · a `tender` takes nothing off: somebody else pays a part.
 */
export const PHASES = ["price", "line", "order", "coupon", "tender"] as const;
export type Phase = (typeof PHASES)[number];

type Common = {
  id: string;
  version: number;
  name: string;
  /** The lower ones apply first; of equal ones the lower id. */
  priority: number;
  /** The products that it is for. Absent: all. */
  products?: readonly string[];
  /**
   * What the eligible lines must come to. `order` and `coupon` look at what they cost after the phase `line`, so that
   * promotions can't disqualify each other.
   */
  from?: number;
  /** The account that pays what this takes off. Absent: nobody does, the goods cost less. */
  payer?: string;
};

/** Another price for each piece, if it is lower than the list price. The lowest one wins. */
export type SpecialPrice = Common & { phase: "price"; price: number };

/** Something taken off the price of its lines, in minor units; or, as a tender, paid by its payer. */
export type Discount = Common & {
  phase: Exclude<Phase, "price">;
  /** So much in all; or a share of the eligible sum in basis points, rounded half up, and at most so much. */
  takes: { amount: number } | { basisPoints: number; atMost?: number };
  /** A share of the price before anything was taken off. Absent: of what is left by then. */
  base?: "initial";
  /** Of one group only the one that is best for the buyer applies in a phase; of equal ones the lower id. */
  exclusiveGroup?: string;
  /** Nothing else of its phase applies after it. */
  stops?: true;
};

/** One immutable version of a promotion, as far as the calculator needs it. */
export type Promotion = SpecialPrice | Discount;

/** What a version of a promotion took off a line, or paid of it. */
export type Adjustment = {
  promotionId: string;
  version: number;
  name: string;
  phase: Phase;
  amount: number;
  payer?: string;
};

/** Why a promotion did not apply. */
export type WhyNot = "not_eligible" | "below_threshold" | "another_is_better" | "stopped" | "nothing_to_take_off";

export const isOfPrice = (promotion: Promotion): promotion is SpecialPrice => promotion.phase === "price";

/** Sorts promotions as they apply inside a phase. What the caller's order was makes no difference. */
export const inTurn = (a: Promotion, b: Promotion): number =>
  a.priority - b.priority || (a.id < b.id ? -1 : Number(a.id > b.id));
