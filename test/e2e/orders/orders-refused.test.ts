import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { violations } from "../../support/orders/invariants.ts";
import { settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { expectUnmoved, topupProduct } from "../../support/orders/refusals.ts";
import {
  available,
  countStock,
  eventually,
  http,
  importCodes,
  makeCodes,
  openShop,
  operate,
  order,
  payIn,
  stockProduct,
} from "../../support/orders/shop.ts";

const stack = deployedStack();
const absent = "prod_00000000000000000000000000";
const account = { account: "13800000000" };

// Refusals are told as what they are: a system in use says "order creation failed", with HTTP 200.

describe.concurrent("an order that can't be", () => {
  test("more than there is: sold out, and nobody pays", async () => {
    const [shop, { productId }] = await Promise.all([openShop(50_000), stockProduct(stack, 3)]);
    await expectUnmoved(shop, [productId], async () =>
      expect(await order(shop, [{ productId, quantity: 4 }])).toBeRefused("sold_out", "/lines/0"),
    );
    const deps = domain();
    await sweepUntilQuiet(deps, productId);
    const bought = await eventually(async () => {
      const answer = await order(shop, [{ productId, quantity: 3 }]);
      return answer.status === 201 ? answer : undefined;
    }, "what the refusal gave back is for sale again");
    expect(bought.body.state).toBe("fulfilled");
    await settleMoney(deps, bought.body.id);
    expect(await violations(deps, { products: [productId], channels: [shop.channelId] })).toEqual([]);
  });

  test("one line of several is sold out: all or nothing", async () => {
    const [shop, one, none, two] = await Promise.all([
      openShop(50_000),
      stockProduct(stack, 3),
      stockProduct(stack, 1),
      stockProduct(stack, 3),
    ]);
    const products = [one.productId, none.productId, two.productId];
    const lines = products.map((productId) => ({ productId, quantity: 2 }));
    await expectUnmoved(shop, products, async () =>
      expect(await order(shop, lines)).toBeRefused("sold_out", "/lines/1"),
    );
    const deps = domain();
    await expectUnmoved(shop, products, () => sweepUntilQuiet(deps, ...products));
    expect(await violations(deps, { products, channels: [shop.channelId] })).toEqual([]);
    const rest = await eventually(async () => {
      const answer = await order(shop, [
        { productId: one.productId, quantity: 3 },
        { productId: none.productId, quantity: 1 },
      ]);
      return answer.status === 201 ? answer : undefined;
    }, "all that was refused can still be sold");
    expect(rest.body.total.amount).toBe(4 * 1500);
  });

  // A cart with several lines of one stock oversells elsewhere.
  test("two lines of one product that are too many only together: sold out", async () => {
    const [shop, { productId }] = await Promise.all([openShop(50_000), stockProduct(stack, 3)]);
    const lines = [
      { productId, quantity: 2 },
      { productId, quantity: 2 },
    ];
    await expectUnmoved(shop, [productId], async () =>
      expect(await order(shop, lines)).toBeRefused("sold_out", "/lines/0", "/lines/1"),
    );
  });

  test("no stock: refused; once codes are imported the same key buys", async () => {
    const [shop, { productId }] = await Promise.all([openShop(5000), stockProduct(stack, 0)]);
    const lines = [{ productId, quantity: 1 }];
    await expectUnmoved(shop, [productId], async () =>
      expect(await order(shop, lines, "k")).toBeRefused("sold_out", "/lines/0"),
    );
    const codes = makeCodes(1);
    await importCodes(stack, productId, codes);
    const bought = await eventually(async () => {
      const answer = await order(shop, lines, "k");
      return answer.status === 201 ? answer : undefined;
    }, "the new stock is noticed");
    expect(bought.body.lines[0].deliverables[0].secret).toBe(codes[0]);
    expect(await available(shop)).toBe(3500);
  });

  test("no money: refused; after a deposit the same key buys", async () => {
    const [shop, { productId }] = await Promise.all([openShop(0), stockProduct(stack, 2)]);
    const lines = [{ productId, quantity: 1 }];
    expect(await order(shop, lines, "k")).toBeRefused("insufficient_funds");
    await payIn(shop, 1499);
    await expectUnmoved(shop, [productId], async () =>
      expect(await order(shop, lines, "k")).toBeRefused("insufficient_funds"),
    );
    await payIn(shop, 1);
    expect((await order(shop, lines, "k")).status).toBe(201);
    expect(await available(shop)).toBe(0);
  });

  test("two want the same money at once: one gets the code, the other keeps its hands off the stock", async () => {
    const [shop, { productId }] = await Promise.all([openShop(1500), stockProduct(stack, 4)]);
    const answers = await Promise.all(Array.from({ length: 4 }, () => order(shop, [{ productId, quantity: 1 }])));
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(["201", "409", "409", "409"]);
    for (const refused of answers.filter(({ status }) => status === 409))
      expect(refused).toBeRefused("insufficient_funds");
    const deps = domain();
    await sweepUntilQuiet(deps, productId);
    expect(await available(shop)).toBe(0);
    expect(await countStock(stack, productId)).toMatchObject({ available: 3, sold: 1 });
    expect(await violations(deps, { products: [productId], channels: [shop.channelId] })).toEqual([]);
  });

  test("dearer than the channel said: price_changed, in amount and in currency", async () => {
    const [shop, { productId }] = await Promise.all([openShop(5000), stockProduct(stack, 2)]);
    await expectUnmoved(shop, [productId], async () => {
      const [less, foreign] = [
        { amount: 1499, currency: "CNY" },
        { amount: 1500, currency: "USD" },
      ];
      const atMost = (maxTotal: typeof less) => order(shop, [{ productId, quantity: 1 }], "k", { maxTotal });
      expect(await atMost(less)).toBeRefused("price_changed", "/maxTotal/amount");
      expect(await atMost(foreign)).toBeRefused("price_changed", "/maxTotal/currency");
    });
  });

  test("prices in two currencies can't be one order", async () => {
    const json = { kind: "code", name: "Dollar code", price: { amount: 900, currency: "USD" } };
    const [shop, yuan, dollar] = await Promise.all([
      openShop(5000),
      stockProduct(stack, 2),
      operate(stack, { method: "POST", path: "/admin/v1/products", json }),
    ]);
    const lines = [yuan.productId, dollar.id].map((productId: string) => ({ productId, quantity: 1 }));
    await expectUnmoved(shop, [yuan.productId], async () =>
      expect(await order(shop, lines)).toBeRefused("mixed_currencies"),
    );
  });

  test("an unknown product, named by its line", async () => {
    const [shop, { productId }] = await Promise.all([openShop(5000), stockProduct(stack, 2)]);
    const lines = [
      { productId, quantity: 1 },
      { productId: absent, quantity: 1 },
    ];
    await expectUnmoved(shop, [productId], async () =>
      expect(await order(shop, lines)).toBeRefused("unknown_product", "/lines/1/productId"),
    );
  });

  test("a top-up without an account to fill, and an account for a code", async () => {
    const [shop, { productId }, topup] = await Promise.all([
      openShop(9000),
      stockProduct(stack, 2),
      topupProduct(stack),
    ]);
    await expectUnmoved(shop, [productId], async () => {
      const without = await order(shop, [
        { productId, quantity: 1 },
        { productId: topup, quantity: 1 },
      ]);
      expect(without).toBeRefused("recipient_required", "/lines/1/recipient");
      const superfluous = await order(shop, [{ productId, quantity: 1, recipient: account }]);
      expect(superfluous).toBeRefused("invalid_request", "/lines/0/recipient");
      expect(superfluous.text).not.toContain(account.account);
    });
  });
});

describe.concurrent("the Idempotency-Key", () => {
  const send = async (headers: Record<string, string>) => {
    const [shop, { productId }] = await Promise.all([openShop(5000), stockProduct(stack, 1)]);
    const json = { lines: [{ productId, quantity: 1 }], payment: { method: "balance" } };
    return { shop, productId, answer: await http(stack, "POST", "/v1/orders", { key: shop.key, json, headers }) };
  };

  test("is required: nothing is sold without one", async () => {
    const { shop, productId, answer } = await send({});
    expect(answer).toBeRefused("idempotency_key_missing");
    expect((await send({ "Idempotency-Key": "" })).answer).toBeRefused("idempotency_key_missing");
    expect(await available(shop)).toBe(5000);
    expect(await countStock(stack, productId)).toMatchObject({ available: 1 });
  });

  test("may have 255 printable ASCII characters and no more", async () => {
    const longest = randomBytes(128).toString("hex").slice(0, 255);
    expect((await send({ "Idempotency-Key": longest })).answer.status).toBe(201);
    for (const key of [`${longest}x`, "clé"])
      expect((await send({ "Idempotency-Key": key })).answer).toBeRefused(
        "invalid_request",
        "/headers/Idempotency-Key",
      );
  });
});
