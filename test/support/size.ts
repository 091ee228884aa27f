/** `npm run proof` runs the same proofs as `npm test` at full size. This is the one place that asks which it is. */
export const isFullProof = process.env["PROOF"] === "full";

/**
 * How many seeds, runs, claimers and orders: [every day, in the full proof]. `test/unit/sizes.test.ts` lets the full proof only grow. The
 * size of every day may shrink as long as it still finds what it is for: see it fail with the rule broken.
 */
export const SIZES = {
  modelRuns: [16, 200],
  badNetworkSeeds: [2, 150],
  badNetworkReviews: [6, 400],
  boughtAheadSeeds: [12, 300],
  badNetworkSupplierSeeds: [2, 60],
  failoverOrders: [75, 500],
  callbackFloodOrders: [25, 1_000],
  notifications: [1_000, 10_000],
  paymentLives: [8, 400],
  deployedStormClaimers: [80, 200],
  stormClaimers: [60, 1_000],
  stormStock: [200, 10_000],
  fuzzCases: [40, 400],
  stockModelRuns: [8, 150],
  pricedOrders: [500, 10_000],
  refundedOrders: [150, 10_000],
  bookedOrders: [150, 10_000],
} as const satisfies Record<string, readonly [everyDay: number, full: number]>;

/** How many of this there are in this run. */
export const sized = (name: keyof typeof SIZES): number => SIZES[name][isFullProof ? 1 : 0];
