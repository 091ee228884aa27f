import { expect, test } from "vitest";
import { SIZES } from "../support/size.ts";

/** The least that each size may be. Raise it together with a size. That of the full proof never goes down. */
const FLOOR: Record<keyof typeof SIZES, readonly [everyDay: number, full: number]> = {
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
};

test("no proof becomes smaller than it was", () => {
  const sizes = Object.entries(SIZES);
  expect(Object.keys(FLOOR)).toEqual(sizes.map(([name]) => name));
  const shrunk = sizes.filter(([name, size]) =>
    size.some((many, at) => many < (FLOOR[name as keyof typeof SIZES][at] ?? 0)),
  );
  expect(shrunk).toEqual([]);
});
