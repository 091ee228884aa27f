/** Limits of the prices that channels pay. */
export const PRICE_LIMITS = {
  /** Prices in time that a tier may have of one product. An order reads all of them: fifty are some 4 KB. */
  windowsOfPrice: 50,
  /** Tiers that a channel may be in. An order of ten products reads all of their prices in one call, of a hundred items at most. */
  tiersOfChannel: 5,
} as const;
