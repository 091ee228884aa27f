import { describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { violations } from "../../support/orders/invariants.ts";
import { sweepUntilQuiet } from "../../support/orders/market.ts";
import { expectUnmoved, withKey } from "../../support/orders/refusals.ts";
import { available, countStock, http, openShop, order, stockProduct } from "../../support/orders/shop.ts";
import { bookedBalance, linesOf, secretsIn, secretsOfLine } from "../../support/orders/shown.ts";

const stack = deployedStack();

describe.concurrent("a code in stock", () => {
  test("comes in the answer to the order, and nobody in between may keep that answer", async () => {
    const [shop, { productId, codes }] = await Promise.all([openShop(5000), stockProduct(stack, 3)]);
    const bought = await order(shop, [{ productId, quantity: 1 }], "first order", {
      reference: "shop-4711",
      metadata: { basket: "b1", 收件人: "王芳 🎁" },
      maxTotal: { amount: 1500, currency: "CNY" },
    });
    expect(bought.status).toBe(201);
    expect(bought.headers.get("content-type")).toBe("application/json");
    expect(bought.headers.get("cache-control")).toBe("no-store");
    expect(bought.headers.get("x-request-id")).toMatch(/^[\w=-]{8,}$/);
    expect(bought.body).toEqual({
      id: expect.stringMatching(/^ord_[0-9a-z]{26}$/),
      state: "fulfilled",
      placedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      total: { amount: 1500, currency: "CNY" },
      retailTotal: { amount: 1500, currency: "CNY" },
      refunded: { amount: 0, currency: "CNY" },
      hasContact: false,
      deliveryUrl: expect.stringMatching(/\/d\/[0-9A-Za-z]{22}$/),
      reference: "shop-4711",
      metadata: { basket: "b1", 收件人: "王芳 🎁" },
      lines: [
        {
          id: "1",
          productId,
          productVersion: 1,
          name: "Test code",
          kind: "code",
          quantity: 1,
          unitPrice: { amount: 1500, currency: "CNY" },
          retailPrice: { amount: 1500, currency: "CNY" },
          net: { amount: 1500, currency: "CNY" },
          state: "fulfilled",
          deliverables: [{ codeId: expect.stringMatching(/^code_[0-9a-z]{20}$/), secret: expect.any(String) }],
        },
      ],
    });
    expect(codes).toContain(secretsIn(bought.body)[0]);
    expect(await available(shop)).toBe(3500);
    expect(await countStock(stack, productId)).toMatchObject({ imported: 3, available: 2, sold: 1 });
  });

  test("comes in as many pieces as were ordered, over several lines, two of them of one product", async () => {
    const [shop, one, other] = await Promise.all([
      openShop(100_000),
      stockProduct(stack, 6, 1500),
      stockProduct(stack, 2, 700),
    ]);
    const bought = await order(shop, [
      { productId: one.productId, quantity: 4 },
      { productId: other.productId, quantity: 1 },
      { productId: one.productId, quantity: 2 },
    ]);
    expect(bought.status).toBe(201);
    const [first = [], second = [], third = []] = linesOf(bought.body).map(secretsOfLine);
    expect([first, second, third].map((secrets) => secrets.length)).toEqual([4, 1, 2]);
    expect([...first, ...third].toSorted()).toEqual(one.codes.toSorted());
    expect(other.codes).toContain(second[0]);
    expect(bought.body.total).toEqual({ amount: 6 * 1500 + 700, currency: "CNY" });
    expect(await available(shop)).toBe(100_000 - 9700);
  });

  test("is sold once, however many want the last ones: 12 buyers, 5 codes", async () => {
    const { productId, codes } = await stockProduct(stack, 5);
    const shops = await Promise.all(Array.from({ length: 3 }, () => openShop(20_000)));
    const buyers = [...shops, ...shops, ...shops, ...shops];
    const answers = await Promise.all(buyers.map((shop) => order(shop, [{ productId, quantity: 1 }])));
    const sold = answers.filter(({ status }) => status === 201).flatMap(({ body }) => secretsIn(body));
    expect(sold.toSorted()).toEqual(codes.toSorted());
    for (const refused of answers.filter(({ status }) => status !== 201))
      expect(refused).toBeRefused("sold_out", "/lines/0");
    const spent = (await Promise.all(shops.map(available))).reduce((total, left) => total + 20_000 - left, 0);
    expect(spent).toBe(5 * 1500);
  });
});

describe.concurrent("one Idempotency-Key is one order", () => {
  // A system in use made twenty orders, twenty charges and twenty codes of this.
  test("twenty requests at once with one merchant order number: one order, one charge, one code, one answer", async () => {
    const [shop, { productId }] = await Promise.all([openShop(100_000), stockProduct(stack, 25)]);
    const ask = () => order(shop, [{ productId, quantity: 1 }], "merchant-1");
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    answers.push(await ask());
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect([...new Set(answers.map(({ text }) => text))]).toHaveLength(1);
    expect(secretsIn(answers[0]?.body)).toHaveLength(1);
    expect(await available(shop)).toBe(100_000 - 1500);

    const deps = domain();
    await sweepUntilQuiet(deps, productId);
    expect(await countStock(stack, productId)).toMatchObject({ imported: 25, available: 24, sold: 1 });
    const { movements } = await bookedBalance(shop);
    expect(movements.filter(({ kind }) => kind === "sale")).toMatchObject([
      { amount: -1500, name: `sale:${answers[0]?.body.id}@1` },
    ]);
    expect(await violations(deps, { products: [productId], channels: [shop.channelId] })).toEqual([]);
  });

  test("the same order said with its members in another order is the same order", async () => {
    const [shop, { productId }] = await Promise.all([openShop(5000), stockProduct(stack, 2)]);
    const headers = { "Idempotency-Key": "k", "Content-Type": "application/json; charset=utf-8" };
    const first = await order(shop, [{ productId, quantity: 1 }], "k");
    const raw = `{ "payment": {"method":"balance"},\n "lines": [{"quantity": 1, "productId": "${productId}"}] }`;
    const second = await http(stack, "POST", "/v1/orders", { key: shop.key, raw, headers });
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect(await available(shop)).toBe(3500);
  });

  test("with another body it is refused, and moves nothing", async () => {
    const [shop, { productId }] = await Promise.all([openShop(9000), stockProduct(stack, 5)]);
    const first = await order(shop, [{ productId, quantity: 1 }], "k");
    await expectUnmoved(shop, [productId], async () => {
      expect(await order(shop, [{ productId, quantity: 2 }], "k")).toBeRefused("idempotency_key_reused");
      expect(await order(shop, [{ productId, quantity: 1 }], "k", { reference: "r" })).toBeRefused(
        "idempotency_key_reused",
      );
    });
    expect((await order(shop, [{ productId, quantity: 1 }], "k")).text).toBe(first.text);
  });

  test("two bodies at once under one key: one of them is the order, the other is refused", async () => {
    const [shop, { productId }] = await Promise.all([openShop(100_000), stockProduct(stack, 20)]);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => order(shop, [{ productId, quantity: 1 + (index % 2) }], "k")),
    );
    const sold = answers.filter(({ status }) => status === 201);
    expect(new Set(sold.map(({ text }) => text)).size).toBe(1);
    expect(sold).toHaveLength(5);
    for (const other of answers.filter(({ status }) => status !== 201))
      expect(other).toBeRefused("idempotency_key_reused");
    expect(await available(shop)).toBe(100_000 - sold[0]?.body.total.amount);
  });

  test("is a channel's own: another channel's same key is another order, another key of the channel the same", async () => {
    const [mine, theirs, { productId }] = await Promise.all([openShop(5000), openShop(5000), stockProduct(stack, 3)]);
    const lines = [{ productId, quantity: 1 }];
    const first = await order(mine, lines, "k");
    const second = await order(theirs, lines, "k");
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
    expect(secretsIn(second.body)).not.toEqual(secretsIn(first.body));
    const again = await order(await withKey(mine, ["orders:write", "codes:reveal", "links:write"]), lines, "k");
    expect(again.text).toBe(first.text);
    expect(await available(mine)).toBe(3500);
    expect(await available(theirs)).toBe(3500);
  });
});
