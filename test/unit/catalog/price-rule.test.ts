import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { matches } from "../../../shared/catalog/matches.ts";
import type { ProductVersion } from "../../../shared/catalog/model.ts";
import { PriceRule, priceByRule } from "../../../shared/catalog/price-rule.ts";

const ending = { last: 90, of: 100 } as const;

describe("a price that follows a cost", () => {
  it.each([
    [{ basisPoints: 10_500, plus: 10, ending }, 1000, 1090],
    [{ basisPoints: 10_500, plus: 10, ending }, 1028, 1090],
    [{ basisPoints: 10_500, plus: 10, ending }, 1029, 1190],
    [{ basisPoints: 10_500 }, 1, 2],
    [{ basisPoints: 10_000 }, 999, 999],
    [{ basisPoints: 1, plus: 0 }, 1, 1],
    [{ basisPoints: 1_000_000, plus: 0 }, 1_000_000_000_000, undefined],
  ])("by %j of %i is %s", (rule, cost, price) => {
    expect(priceByRule(rule, cost)).toBe(price);
  });

  it("is never less than the exact amount, ends as is said, and is the lowest such", () => {
    const rules = fc.record({
      basisPoints: fc.integer({ min: 1, max: 1_000_000 }),
      plus: fc.integer({ min: 0, max: 1_000_000 }),
      last: fc.integer({ min: 0, max: 99 }),
    });
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 1_000_000_000 }), ({ basisPoints, plus, last }, cost) => {
        const price = priceByRule({ basisPoints, plus, ending: { last, of: 100 } }, cost);
        if (price === undefined) return;
        const exact = BigInt(cost) * BigInt(basisPoints) + BigInt(plus) * 10_000n;
        expect(BigInt(price) * 10_000n >= exact).toBe(true);
        expect((BigInt(price) - 100n) * 10_000n < exact).toBe(true);
        expect(price % 100).toBe(last);
      }),
    );
  });

  it.each([
    ["of nothing", { basisPoints: 0 }],
    ["of half a point", { basisPoints: 0.5 }],
    ["that takes off", { basisPoints: 10_000, plus: -1 }],
    ["with an ending that is too long", { basisPoints: 1, ending: { last: 100, of: 100 } }],
    ["with an ending of seven", { basisPoints: 1, ending: { last: 1, of: 7 } }],
  ])("can't have a rule %s", (_what, rule) => {
    expect(PriceRule.safeParse(rule).success).toBe(false);
  });
});

test("products are found by kind, shelf, word, country and a part of their name, whatever its script and width", () => {
  const product: ProductVersion = {
    id: "prod_a",
    version: 1,
    kind: "code",
    name: "Tencent Video, month",
    price: { amount: 1, currency: "CNY" },
    names: { zh: "腾讯视频ＶＩＰ月卡" },
    categories: ["视频"],
    tags: ["Gift Card"],
    regions: ["CN"],
  };
  const isFound = (wanted: object) => matches(product, wanted);
  for (const wanted of [
    {},
    { q: "video" },
    { q: "频vip" },
    { q: "ＶＩＰ" },
    { category: "视频", tag: "giftcard", region: "CN", kind: "code" },
  ])
    expect([wanted, isFound(wanted)]).toEqual([wanted, true]);
  for (const wanted of [{ q: "频道" }, { category: "video" }, { tag: "gift" }, { region: "US" }, { kind: "topup" }])
    expect([wanted, isFound(wanted)]).toEqual([wanted, false]);
  const { regions: _regions, ...everywhere } = product;
  expect(matches(everywhere, { region: "US" })).toBe(true);
});
