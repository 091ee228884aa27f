import { expect, test } from "vitest";
import { SIZES } from "../support/size.ts";

/** The least that each size was ever committed with. Raise it together with a size; it never goes down. */
const FLOOR: Record<keyof typeof SIZES, readonly [everyDay: number, full: number]> = {
  modelRuns: [24, 200],
  badNetworkSeeds: [2, 150],
  badNetworkReviews: [6, 400],
  boughtAheadSeeds: [25, 300],
  badNetworkSupplierSeeds: [2, 60],
  failoverOrders: [150, 500],
  callbackFloodOrders: [50, 1_000],
  stormClaimers: [100, 1_000],
  stormStock: [500, 10_000],
  fuzzCases: [40, 400],
  stockModelRuns: [12, 150],
  pricedOrders: [500, 10_000],
  refundedOrders: [500, 10_000],
  bookedOrders: [500, 10_000],
};

test("no proof becomes smaller than it was", () => {
  const sizes = Object.entries(SIZES);
  expect(Object.keys(FLOOR)).toEqual(sizes.map(([name]) => name));
  const shrunk = sizes.filter(([name, size]) =>
    size.some((many, at) => many < (FLOOR[name as keyof typeof SIZES][at] ?? 0)),
  );
  expect(shrunk).toEqual([]);
});
