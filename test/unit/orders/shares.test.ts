import { describe, expect, it } from "vitest";
import { applyOutcome, linesAfter } from "../../../shared/fulfilment/outcome.ts";
import type { Line } from "../../../shared/orders/model.ts";
import { paidByChannel, paidInAll, partOf } from "../../../shared/orders/shares.ts";
import { refundable } from "../../../shared/review/second-person.ts";
import { attemptOf, NOW, orderOf, repeatSafe, topupLine } from "../../support/orders/order-fixtures.ts";

/** Three pieces for 10.00 instead of 12.00: of the 2.00, 0.50 by points and 1.00 by a promotion's account. */
const three: Line = {
  ...topupLine("placing", attemptOf()),
  quantity: 3,
  unitPrice: 400,
  net: 1000,
  adjustments: [
    { promotionId: "promo_a", version: 1, name: "A", phase: "order", amount: 100, payer: "promo:a" },
    { promotionId: "promo_b", version: 1, name: "B", phase: "order", amount: 100 },
    { promotionId: "points", version: 1, name: "P", phase: "tender", amount: 50, payer: "points:m" },
  ],
  paid: { channel: 950, "promo:a": 100, "points:m": 50 },
};

describe("a line of which a part goes another way", () => {
  it("has its share of every amount in each part, each of them cut by itself", () => {
    const parts = [partOf(three, 0, 1), partOf(three, 1, 2)];
    expect(parts.map(({ quantity, net }) => [quantity, net])).toEqual([
      [1, 333],
      [2, 667],
    ]);
    expect(parts.map(({ paid }) => paid)).toEqual([
      { channel: 316, "promo:a": 33, "points:m": 16 },
      { channel: 634, "promo:a": 67, "points:m": 34 },
    ]);
    expect(parts.map(({ adjustments = [] }) => adjustments.map(({ amount }) => amount))).toEqual([
      [33, 33, 16],
      [67, 67, 34],
    ]);
  });

  it("is delivered in part for a part of its price, and what is left costs what is left", () => {
    const part = applyOutcome(three, { kind: "partly", supplierOrderId: "theirs", delivered: 2 }, repeatSafe, NOW);
    const [kept, rest] = linesAfter([three], three, part);
    expect([kept, rest].map((line) => [line?.quantity, line?.net, line?.paid])).toEqual([
      [2, 666, { channel: 633, "promo:a": 66, "points:m": 33 }],
      [1, 334, { channel: 317, "promo:a": 34, "points:m": 17 }],
    ]);
    expect(rest).toMatchObject({ restOf: "1", unitPrice: 400 });
  });

  it("gives back to the channel what the channel has paid, and counts as all that was paid", () => {
    expect([paidByChannel(three), paidInAll(three)]).toEqual([950, 1100]);
    const plain = topupLine("open");
    expect([paidByChannel(plain), paidInAll(plain)]).toEqual([4950, 4950]);
    expect(refundable(orderOf("review", [three])).map(paidInAll)).toEqual([1100]);
  });
});
