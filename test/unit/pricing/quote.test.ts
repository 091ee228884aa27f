import { describe, expect, test } from "vitest";
import type { Discount, Promotion } from "../../../shared/pricing/promotion.ts";
import { CHANNEL, quote } from "../../../shared/pricing/quote.ts";
import type { CartLine } from "../../../shared/pricing/working.ts";

/** One piece for each of these prices. */
const cartOf = (...prices: readonly number[]): CartLine[] =>
  prices.map((unitPrice, at) => ({ id: String(at + 1), productId: `prod_${at + 1}`, quantity: 1, unitPrice }));

const discount = (takes: Discount["takes"], more: Partial<Discount> = {}): Discount => ({
  id: "promo_a",
  version: 1,
  name: "A",
  phase: "order",
  priority: 0,
  takes,
  ...more,
});
const off = (amount: number, more?: Partial<Discount>): Discount => discount({ amount }, more);
const percent = (of100: number, more?: Partial<Discount>): Discount => discount({ basisPoints: of100 * 100 }, more);

/** What each promotion took off each line. */
const takenIn = (cart: CartLine[], promotions: Promotion[]): Record<string, number[]> => {
  const { lines } = quote(cart, promotions);
  const named = [...new Set(lines.flatMap(({ adjustments }) => adjustments.map(({ promotionId }) => promotionId)))];
  return Object.fromEntries(
    named.map((name) => [
      name,
      lines.map(({ adjustments }) => adjustments.find(({ promotionId }) => promotionId === name)?.amount ?? 0),
    ]),
  );
};
const totalOf = (cart: CartLine[], promotions: Promotion[]): number => quote(cart, promotions).total;

test("without promotions a line costs its list price, and the channel pays it", () => {
  const cart: CartLine[] = [{ id: "1", productId: "prod_1", quantity: 3, unitPrice: 1500 }];
  expect(quote(cart, [])).toEqual({
    total: 4500,
    lines: [{ id: "1", net: 4500, adjustments: [], paid: { channel: 4500 } }],
    refused: [],
  });
});

describe("as others compute it", () => {
  test("VTEX: 15 off from 60, then a coupon of 10 %, round once each and sum exactly", () => {
    const promotions = [off(1500, { id: "promo_15", from: 6000 }), percent(10, { id: "promo_10", phase: "coupon" })];
    const cart = cartOf(1000, 2000, 3200);
    expect(takenIn(cart, promotions)).toEqual({ promo_15: [242, 484, 774], promo_10: [76, 152, 242] });
    expect(totalOf(cart, promotions)).toBe(4230);
  });

  test("Salesforce: 15 % from 100; with 10 off the first; and not for a third line", () => {
    const fifteen = percent(15, { id: "promo_15", from: 10_000, products: ["prod_1", "prod_2"] });
    expect(takenIn(cartOf(6000, 5000, 7000), [fifteen])).toEqual({ promo_15: [900, 750, 0] });
    const ten = off(1000, { id: "promo_10", phase: "line", products: ["prod_1"] });
    expect(takenIn(cartOf(6000, 5000, 7000), [fifteen, ten])["promo_15"]).toEqual([750, 750, 0]);
  });

  test("Voucherify: an amount by what the lines cost, and three promotions one after the other", () => {
    expect(takenIn(cartOf(2000, 4500, 6000), [off(1000)])).toEqual({ promo_a: [160, 360, 480] });
    const three = [
      off(100, { id: "promo_gift", priority: 1 }),
      percent(20, { id: "promo_20", priority: 2 }),
      off(8000, { id: "promo_80", priority: 3 }),
    ];
    expect(takenIn(cartOf(200_000), three)["promo_20"]).toEqual([39_980]);
    expect(totalOf(cartOf(200_000), three)).toBe(151_920);
  });

  test("Medusa: 30 and then 50 off, each on what is left", () => {
    const both = [off(3000, { id: "promo_30" }), off(5000, { id: "promo_50", priority: 1 })];
    expect(takenIn(cartOf(5000, 15_000), both)).toEqual({ promo_30: [750, 2250], promo_50: [1250, 3750] });
  });

  test("10 % of four small lines is rounded once, and not once a line (Saleor says 1.04)", () => {
    expect(totalOf(cartOf(106, 206, 306, 406), [percent(10)])).toBe(1024 - 102);
  });

  test("100 % off leaves nothing, and more than that leaves nothing either", () => {
    expect(totalOf(cartOf(333, 333, 334), [percent(100)])).toBe(0);
    expect(totalOf(cartOf(1000), [off(5000)])).toBe(0);
  });
});

describe("the order of promotions", () => {
  test("is their priority's; the caller's means nothing", () => {
    const ten = off(1000, { id: "promo_10", priority: 1 });
    const quarter = percent(25, { id: "promo_25", priority: 2 });
    expect([totalOf(cartOf(10_000), [ten, quarter]), totalOf(cartOf(10_000), [quarter, ten])]).toEqual([6750, 6750]);
    expect(totalOf(cartOf(10_000), [{ ...ten, priority: 3 }, quarter])).toBe(6500);
  });

  test("is first that of the phases, and of equal priorities that of the ids", () => {
    const coupon = percent(50, { id: "promo_a", phase: "coupon", priority: -1 });
    const line = off(1000, { id: "promo_z", phase: "line", priority: 9 });
    expect(totalOf(cartOf(10_000), [coupon, line])).toBe(4500);
    expect(totalOf(cartOf(10_000), [percent(50, { id: "promo_b" }), off(1000, { id: "promo_a" })])).toBe(4500);
  });

  test("does not let one promotion take another's threshold away, but a line's own discount counts", () => {
    const first = off(2000, { id: "promo_1", from: 10_000 });
    const second = off(500, { id: "promo_2", from: 10_000, priority: 1 });
    const coupon = percent(10, { id: "promo_3", phase: "coupon", from: 10_000 });
    expect(totalOf(cartOf(10_000), [first, second, coupon])).toBe(6750);
    const line = off(1, { id: "promo_0", phase: "line" });
    const { total, refused } = quote(cartOf(10_000), [first, second, coupon, line]);
    expect(total).toBe(9999);
    expect(refused.map(({ why }) => why)).toEqual(["below_threshold", "below_threshold", "below_threshold"]);
  });

  test("a percentage of the initial price does not become less by what came before it", () => {
    const before = off(5000, { id: "promo_1" });
    const initial = percent(10, { id: "promo_2", priority: 1, base: "initial" });
    expect(totalOf(cartOf(10_000), [before, initial])).toBe(4000);
    expect(totalOf(cartOf(10_000), [off(9500, { id: "promo_1" }), initial])).toBe(0);
  });

  test("of a group only the best for the buyer applies; of equal ones the lower id", () => {
    const group = { exclusiveGroup: "g" };
    const ten = percent(10, { id: "promo_c", ...group });
    const twenty = off(2000, { id: "promo_b", ...group, priority: 5 });
    const same = off(2000, { id: "promo_a", ...group, priority: 9 });
    const { lines, refused } = quote(cartOf(10_000), [ten, twenty, same]);
    expect(lines[0]?.adjustments.map(({ promotionId }) => promotionId)).toEqual(["promo_a"]);
    expect(refused.map(({ promotionId, why }) => [promotionId, why])).toEqual([
      ["promo_c", "another_is_better"],
      ["promo_b", "another_is_better"],
    ]);
  });

  test("ends where one stops its phase, and goes on with the next phase", () => {
    const stops = off(1000, { id: "promo_1", stops: true });
    const never = off(1000, { id: "promo_2", priority: 1 });
    const coupon = off(1000, { id: "promo_3", phase: "coupon" });
    const { total, refused } = quote(cartOf(10_000), [stops, never, coupon]);
    expect([total, refused]).toEqual([8000, [{ promotionId: "promo_2", why: "stopped" }]]);
    const nothing = off(0, { id: "promo_1", stops: true });
    expect(totalOf(cartOf(10_000), [nothing, never])).toBe(9000);
  });
});

describe("no price is too low", () => {
  const cart: CartLine[] = [
    { id: "1", productId: "prod_1", quantity: 2, unitPrice: 1000, floor: 950 },
    { id: "2", productId: "prod_2", quantity: 1, unitPrice: 2000 },
  ];

  test("where a product has a floor, the other lines take what it can't", () => {
    expect(takenIn(cart, [off(1000)])).toEqual({ promo_a: [100, 900] });
    expect(totalOf(cart, [off(10_000)])).toBe(1900);
  });

  test("the lowest price that is asked for wins, down to the floor, and not above the list price", () => {
    const special = (id: string, price: number, more = {}): Promotion => {
      return { id, version: 2, name: id, phase: "price", priority: 0, price, ...more };
    };
    const promotions = [special("promo_dear", 3000), special("promo_700", 700), special("promo_800", 800)];
    const { lines, total, refused } = quote(cart, promotions);
    expect(lines.map(({ net }) => net)).toEqual([1900, 700]);
    expect(lines[0]?.adjustments).toMatchObject([
      { promotionId: "promo_700", version: 2, phase: "price", amount: 100 },
    ]);
    expect(total).toBe(2600);
    expect(refused.map(({ why }) => why)).toEqual(["another_is_better", "another_is_better"]);
    const elsewhere = [special("promo_x", 1, { products: ["prod_9"] }), special("promo_y", 1, { from: 9000 })];
    expect(quote(cart, elsewhere).refused.map(({ why }) => why)).toEqual(["not_eligible", "below_threshold"]);
  });

  test("at most so much is taken off, however much the percentage is", () => {
    expect(totalOf(cartOf(10_000), [discount({ basisPoints: 5000, atMost: 1000 })])).toBe(9000);
  });

  test("a price that can't be counted exactly is no price", () => {
    expect(() => quote([{ id: "1", productId: "p", quantity: 100_000, unitPrice: 10 ** 12 }], [])).toThrow("counted");
  });
});

describe("who pays", () => {
  test("a promotion with an account pays what it takes off; without one nobody does", () => {
    const paying = off(1000, { id: "promo_1", payer: "promo:1" });
    const { lines, total } = quote(cartOf(3000, 7000), [paying, off(500, { id: "promo_2" })]);
    expect(lines.map(({ paid }) => paid)).toEqual([
      { channel: 2550, "promo:1": 300 },
      { channel: 5950, "promo:1": 700 },
    ]);
    expect([total, lines.map(({ net }) => net)]).toEqual([8500, [2550, 5950]]);
  });

  test("points are a tender: the price stays, somebody else pays a part of it, and at most so much of the order", () => {
    const points = discount({ basisPoints: 3000, atMost: 5000 }, { id: "points", phase: "tender", payer: "points:m" });
    const { lines, total } = quote(cartOf(10_000), [points, percent(10)]);
    expect(lines[0]).toMatchObject({ net: 9000, paid: { [CHANNEL]: 6300, "points:m": 2700 } });
    expect(total).toBe(6300);
  });

  test("two tenders pay no more than there is to pay", () => {
    const tender = (id: string) => off(700, { id, phase: "tender", payer: id });
    const { lines, total } = quote(cartOf(1000), [tender("points:a"), tender("points:b")]);
    expect([total, lines[0]?.paid]).toEqual([0, { channel: 0, "points:a": 700, "points:b": 300 }]);
  });
});
