import { describe, expect, it } from "vitest";
import { NewProduct } from "../../../shared/catalog/new-product.ts";
import { availabilityOf } from "../../../shared/inventory/available.ts";

const price = { amount: 1500, currency: "CNY" };
const source = { supplierId: `sup_${"0".repeat(20)}`, supplierProductId: "prod_phone_50" };

describe("a new product", () => {
  it.each([
    ["a code", { kind: "code", name: "Music", price }],
    [
      "a code from a supplier, after our own stock",
      { kind: "code", name: "Music", price, sources: [{ stock: true }, source] },
    ],
    ["a link", { kind: "link", name: "Film", price }],
    [
      "sold to buyers at another price",
      { kind: "code", name: "Music", price, retailPrice: { ...price, amount: 1800 } },
    ],
    ["sold to buyers at its price", { kind: "code", name: "Music", price, retailPrice: price }],
    ["a top-up", { kind: "topup", name: "Phone credit", price, sources: [source] }],
  ])("may be %s", (_what, product) => {
    expect(NewProduct.safeParse(product).success).toBe(true);
  });

  it.each([
    ["a top-up out of stock", { kind: "topup", name: "Phone credit", price, sources: [source, { stock: true }] }],
    ["from a source that is neither", { kind: "code", name: "Music", price, sources: [{ stock: false }] }],
    ["a top-up from nowhere", { kind: "topup", name: "Phone credit", price }],
    ["free", { kind: "code", name: "Music", price: { amount: 0, currency: "CNY" } }],
    ["without a name", { kind: "code", name: "   ", price }],
    ["of a kind we don't know", { kind: "card", name: "Music", price }],
    ["anything more", { kind: "code", name: "Music", price, cost: 100 }],
  ])("can't be %s", (_what, product) => {
    expect(NewProduct.safeParse(product).success).toBe(false);
  });
});

it.each([
  ["less than the channel's price", { amount: 1499, currency: "CNY" }, "amount"],
  ["in another currency", { amount: 1800, currency: "USD" }, "currency"],
])("a retail price is refused that is %s, and named", (_what, retailPrice, field) => {
  const { error } = NewProduct.safeParse({ kind: "code", name: "Music", price, retailPrice });
  expect(error?.issues.map(({ path }) => path)).toEqual([["retailPrice", field]]);
});

describe("availability", () => {
  it.each([
    [-1, "sold_out"],
    [0, "sold_out"],
    [1, "low"],
    [9, "low"],
    [10, "in_stock"],
    [1_000_000, "in_stock"],
  ])("of %i codes is %s", (left, shown) => {
    expect(availabilityOf(left)).toBe(shown);
  });
});
