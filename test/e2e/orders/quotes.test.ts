import { describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { expectUnmoved, topupProduct, withKey } from "../../support/orders/refusals.ts";
import { http, type Json, openShop, order, type Shop, stockProduct } from "../../support/orders/shop.ts";
import { linesOf } from "../../support/orders/shown.ts";
import { randomCart } from "../../support/pricing/random-cart.ts";
import { seeded } from "../../support/random.ts";

// A quote says what an order of the same moment costs, and changes nothing.

const stack = deployedStack();

const quote = (shop: Shop, json: unknown) => http(stack, "POST", "/v1/quotes", { key: shop.key, json });

/** What a quote and an order both say of a line. */
const priceOf = ({ state: _state, deliverables: _goods, requested: _requested, ...priced }: Json): Json => priced;

describe.concurrent("a quote", () => {
  test("says what the order costs, line by line, whatever is in the cart", async () => {
    const random = seeded(1, "carts");
    const prices = [1, 99, 700, 1999];
    const [shop, topup, ...products] = await Promise.all([
      openShop(10_000_000),
      topupProduct(stack),
      ...prices.map((price) => stockProduct(stack, 60, price)),
    ]);
    for (let cart = 0; cart < 8; cart++) {
      const lines = randomCart(random, { lines: 4, pieces: 3, price: 1 }).map(({ productId, quantity }) => ({
        productId: products[Number(productId.slice("prod_".length))]?.productId ?? "",
        quantity,
      }));
      const withTopup =
        cart % 2 === 0 ? [] : [{ productId: topup, quantity: 1, recipient: { account: "13800138000" } }];
      const said = await quote(shop, { lines: [...lines, ...withTopup], buyer: "anna" });
      const bought = await order(shop, [...lines, ...withTopup]);
      expect([said.status, bought.status]).toEqual([200, 201]);
      expect(said.body).toEqual({
        total: bought.body.total,
        retailTotal: bought.body.retailTotal,
        lines: linesOf(bought.body).map(priceOf),
      });
    }
  });

  test("moves no money and no stock, makes no order, and asks for neither stock nor a recipient", async () => {
    const [shop, none, topup] = await Promise.all([
      openShop(0),
      stockProduct(stack, 0, 1500),
      topupProduct(stack, 4950),
    ]);
    const lines = [
      { productId: none.productId, quantity: 100_000 - 2 },
      { productId: topup, quantity: 2 },
    ];
    const said = await expectUnmoved(shop, [none.productId], () => quote(shop, { lines }));
    expect(said.body).toMatchObject({
      total: { amount: 1500 * (100_000 - 2) + 9900, currency: "CNY" },
      lines: [
        {
          id: "1",
          productId: none.productId,
          productVersion: 1,
          unitPrice: { amount: 1500 },
          net: { amount: 149_997_000 },
        },
        { id: "2", kind: "topup", quantity: 2, unitPrice: { amount: 4950 }, net: { amount: 9900 } },
      ],
    });
  });

  test("refuses what an order would refuse for its goods, and what is no quote", async () => {
    const [shop, { productId }] = await Promise.all([openShop(0), stockProduct(stack, 0)]);
    const line = { productId, quantity: 1 };
    const unknown = { ...line, productId: `prod_${"0".repeat(20)}` };
    expect(await quote(shop, { lines: [line, unknown] })).toBeRefused("unknown_product", "/lines/1/productId");
    expect(await quote(shop, { lines: [] })).toBeRefused("invalid_request", "/lines");
    expect(await quote(shop, { lines: [{ ...line, quantity: 0 }] })).toBeRefused(
      "invalid_request",
      "/lines/0/quantity",
    );
    expect(await quote(shop, { lines: [line], payment: { method: "balance" } })).toBeRefused(
      "invalid_request",
      "/payment",
    );
    expect(await quote(await withKey(shop, ["orders:write"]), { lines: [line] })).toBeRefused("forbidden");
  });
});
