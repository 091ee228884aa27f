import { describe, expect, it } from "vitest";
import { NewProduct } from "../../../shared/catalog/new-product.ts";

const product = { kind: "code", name: "Music", price: { amount: 1500, currency: "CNY" } };

const pathsOf = (more: object): string[] =>
  NewProduct.safeParse({ ...product, ...more }).error?.issues.map(({ path }) => `/${path.map(String).join("/")}`) ?? [];

describe("a product that describes itself", () => {
  it.each([
    ["in two languages", { names: { zh: "音乐月卡", en: "Music" }, description: { zh: "一个月" } }],
    ["on shelves, with words", { categories: ["音乐", "Music"], tags: ["gift"] }],
    ["for some countries", { regions: ["CN", "HK"] }],
    ["good for some days", { validity: { days: 30 } }],
    ["good until a moment", { validity: { until: "2030-12-31T16:00:00Z" } }],
    ["with a rule of refunds", { refundRule: { buyer: "unseen", days: 7 } }],
    ["of the kind licence", { kind: "licence" }],
    ["of the kind qr", { kind: "qr" }],
  ])("may be one %s", (_what, more) => {
    expect(pathsOf(more)).toEqual([]);
  });

  it.each([
    ["an empty name", { names: { zh: "  " } }, "/names/zh"],
    ["a name that is too long", { names: { en: "x".repeat(201) } }, "/names/en"],
    ["a language that we don't know", { names: { fr: "Musique" } }, "/names"],
    ["a text that is too long", { description: { en: "x".repeat(2_001) } }, "/description/en"],
    ["the same category in two spellings", { categories: ["Music", "ＭＵＳＩＣ "] }, "/categories"],
    ["a tag that nobody can see", { tags: ["\u200b"] }, "/tags/0"],
    ["a tag with a mark of direction", { tags: ["a\u202eb"] }, "/tags/0"],
    ["too many tags", { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, "/tags"],
    ["no tag at all", { tags: [] }, "/tags"],
    ["a country by its name", { regions: ["China"] }, "/regions/0"],
    ["a country twice", { regions: ["CN", "CN"] }, "/regions"],
    ["no days", { validity: { days: 0 } }, "/validity/days"],
    ["days and an end", { validity: { days: 1, until: "2030-12-31T16:00:00Z" } }, "/validity"],
    ["an end of no zone", { validity: { until: "2030-12-31T16:00:00" } }, "/validity/until"],
    ["a rule that there isn't", { refundRule: { buyer: "sometimes" } }, "/refundRule/buyer"],
    ["a rule of half a day", { refundRule: { buyer: "always", days: 0.5 } }, "/refundRule/days"],
  ])("can't have %s, and the field is named", (_what, more, path) => {
    expect(pathsOf(more)).toEqual([path]);
  });
});
