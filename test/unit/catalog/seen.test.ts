import { describe, expect, it, test } from "vitest";
import type { ProductVersion } from "../../../shared/catalog/model.ts";
import { isSeenBy, seenAt } from "../../../shared/catalog/seen.ts";
import type { Window } from "../../../shared/catalog/windows.ts";

const cny = (amount: number) => ({ amount, currency: "CNY" });
const product: ProductVersion = { id: "prod_a", version: 1, kind: "code", name: "Music", price: cny(1500) };
const noon = new Date("2026-06-01T12:00:00.000Z");
const at = (hour: number): string => new Date(Date.UTC(2026, 5, 1, hour)).toISOString();

const pricesOf = (windows: Window[][], more: Partial<ProductVersion> = {}) => {
  const { price, retailPrice, priceUntil, belowCost } = seenAt({ ...product, ...more }, windows, noon);
  return { price: price.amount, retail: retailPrice?.amount, until: priceUntil, belowCost };
};

describe("what a channel pays", () => {
  it("is the list price, without tiers and where no tier has a price now", () => {
    expect(pricesOf([])).toEqual({ price: 1500 });
    expect(pricesOf([[], [{ amount: 1, until: at(12) }]])).toEqual({ price: 1500 });
  });

  it("is the price of the first tier that has one, higher or lower", () => {
    expect(pricesOf([[], [{ amount: 1400 }], [{ amount: 1 }]]).price).toBe(1400);
    expect(pricesOf([[{ amount: 1700 }], [{ amount: 1400 }]])).toMatchObject({ price: 1700 });
  });

  it("counts from its first moment on, and not at its last", () => {
    expect(pricesOf([[{ amount: 1, from: at(12) }]]).price).toBe(1);
    expect(pricesOf([[{ amount: 1, until: at(12) }]]).price).toBe(1500);
    expect(pricesOf([[{ amount: 1, from: at(13) }]])).toEqual({ price: 1500, until: at(13) });
  });

  it("is never less than the floor", () => {
    expect(pricesOf([[{ amount: 1 }]], { floor: cny(1200) }).price).toBe(1200);
    expect(pricesOf([[{ amount: 1300 }]], { floor: cny(1200) }).price).toBe(1300);
  });

  it("leaves what buyers pay at checkout as it is, which is never less", () => {
    expect(pricesOf([[{ amount: 1200 }]]).retail).toBe(1500);
    expect(pricesOf([[{ amount: 1200 }]], { retailPrice: cny(1800) }).retail).toBe(1800);
    expect(pricesOf([[{ amount: 1900 }]], { retailPrice: cny(1800) }).retail).toBe(1900);
  });

  it("may be below cost only where that is said", () => {
    expect(pricesOf([[{ amount: 1200, belowCost: true }]]).belowCost).toBe(true);
    expect(pricesOf([[{ amount: 1200 }]]).belowCost).toBeUndefined();
    expect(pricesOf([[{ amount: 1200 }]], { belowCost: true }).belowCost).toBe(true);
  });
});

test("a product is seen by all, or by those channels and tiers that it names", () => {
  const shop = { channelId: "chan_a", tiers: ["gold"] };
  expect(isSeenBy({}, shop)).toBe(true);
  expect(isSeenBy({ visibleTo: ["gold"] }, shop)).toBe(true);
  expect(isSeenBy({ visibleTo: ["chan_a"] }, { channelId: "chan_a" })).toBe(true);
  expect(isSeenBy({ visibleTo: ["silver", "chan_b"] }, shop)).toBe(false);
});
