import { afterAll, describe, expect, test } from "vitest";
import type { NewProduct, Source } from "../../../shared/catalog/model.ts";
import { executionsOf, timesEntered } from "../../support/fulfilment/executions.ts";
import {
  eventually,
  http,
  importCodes,
  type Json,
  makeCodes,
  operate,
  order,
  orderIn,
  type Shop,
} from "../../support/orders/shop.ts";
import { magicAccount, magicProduct } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, patient, type SupplierShop, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import { attemptsOf, deliveriesFor, expectMoney, inspect, reviewOf } from "../../support/suppliers/topup-orders.ts";

afterAll(closeSuppliers);

const PRICE = 4950;

async function product(shop: Shop, json: Partial<NewProduct>): Promise<string> {
  const made: Json = await operate(shop.stack, {
    method: "POST",
    path: "/admin/v1/products",
    json: { kind: "code", name: "From anywhere", price: { amount: PRICE, currency: "CNY" }, ...json },
  });
  return made.id;
}

const from = ({ supplierId }: SupplierShop, supplierProductId: string): Source => ({
  supplierId,
  supplierProductId,
  unguarded: true,
});

async function buy(shop: Shop, productId: string, quantity = 1, recipient?: { account: string }): Promise<Json> {
  const placed = await order(shop, [{ productId, quantity, ...(recipient ? { recipient } : {}) }]);
  expect(placed.status).toBe(201);
  return placed.body;
}

async function secretsOf(shop: Shop, orderId: string): Promise<string[]> {
  const { body } = await http(shop.stack, "GET", `/v1/orders/${orderId}/deliverables`, { key: shop.key });
  return (body.data as { secret: string }[]).map(({ secret }) => secret);
}

const codesFor = (shop: SupplierShop, orderId: string): string[] =>
  shop.supplier.orders().flatMap(({ reference, codes }) => (reference.startsWith(orderId) ? codes : []));

describe.concurrent("goods that are bought one by one", () => {
  test("our stock is sold first, in the answer; what it is short of is bought, and delivered like stock", async () => {
    const shop = await supplierShop();
    const sources: Source[] = [{ stock: true }, from(shop, magicProduct("success"))];
    const productId = await product(shop, { sources });
    const [inStock = ""] = makeCodes(1);
    await importCodes(shop.stack, productId, [inStock]);

    const first = await buy(shop, productId);
    expect(first).toMatchObject({ state: "fulfilled", lines: [{ deliverables: [{ secret: inStock }] }] });
    expect(shop.supplier.orders()).toEqual([]);
    const second = await buy(shop, productId, 3);
    expect(second.state).toBe("fulfilling");
    await orderIn(shop, second.id, "fulfilled");
    const bought = codesFor(shop, second.id);
    expect(bought).toHaveLength(3);
    expect((await secretsOf(shop, second.id)).sort()).toEqual(bought.sort());
    const { audit } = await inspect(shop, second.id);
    expect(audit.map(({ action }) => action)).toEqual(["codes_revealed"]);
    await expectMoney(shop, 4 * PRICE, 0, { sales: 2, refunds: 0 });
  });

  test.each(["link", "booking"] as const)("a %s is handed over as a code is", async (kind) => {
    const shop = await supplierShop(patient);
    const productId = await product(shop, { kind, sources: [from(shop, magicProduct("callbackAfter", 100))] });
    const { id } = await buy(shop, productId);
    await orderIn(shop, id, "fulfilled");
    expect(await secretsOf(shop, id)).toEqual(codesFor(shop, id));
  });

  test("a code that was sold before is a person's business (a sold code is sold again)", async () => {
    const shop = await supplierShop();
    const productId = await product(shop, { sources: [from(shop, magicProduct("goodsTwice"))] });
    const first = await buy(shop, productId);
    await orderIn(shop, first.id, "fulfilled");
    const second = await buy(shop, productId);
    await orderIn(shop, second.id, "review");
    expect(await reviewOf(shop, second.id)).toMatchObject({ reason: "duplicate_code" });
    expect(await secretsOf(shop, second.id)).toEqual([]);
  });

  test("goods that are fewer than the supplier says are a person's business", async () => {
    const shop = await supplierShop();
    const { id } = await buy(shop, await product(shop, { sources: [from(shop, magicProduct("goodsShort"))] }), 2);
    await orderIn(shop, id, "review");
    expect(await reviewOf(shop, id)).toMatchObject({ reason: "goods_missing" });
  });
});

describe.concurrent("several sources", () => {
  test("the next one delivers what the first has sold out of (upstream stock is stale, so the sale fails after payment)", async () => {
    const [shop, other] = await Promise.all([supplierShop(), supplierShop()]);
    const sources = [from(shop, magicProduct("refused")), from(other, magicProduct("success"))];
    const { id } = await buy(shop, await product(shop, { sources }));
    await orderIn(shop, id, "fulfilled");
    expect(await attemptsOf(shop, id)).toMatchObject([
      { reference: `${id}-1-1-1`, outcome: "rejected", reason: "sold_out" },
      { reference: `${id}-1-1-2`, outcome: "fulfilled", supplierId: other.supplierId },
    ]);
    expect(await secretsOf(shop, id)).toEqual(codesFor(other, id));
    expect(await executionsOf(shop.stack, id)).toHaveLength(1);
  });

  test("when all have refused, a person sees what was tried, and a retry asks all of them again", async () => {
    const [shop, other] = await Promise.all([supplierShop(), supplierShop()]);
    const sources = [from(shop, magicProduct("refused")), from(other, magicProduct("refused"))];
    const { id } = await buy(shop, await product(shop, { sources }));
    await orderIn(shop, id, "review");
    expect((await reviewOf(shop, id))?.tried).toMatchObject([
      { supplierId: shop.supplierId, outcome: "rejected" },
      { supplierId: other.supplierId, outcome: "rejected" },
    ]);
    await operate(shop.stack, {
      method: "POST",
      path: `/admin/v1/reviews/${id}/decisions`,
      json: { action: "retry", reason: "tested" },
    });
    await eventually(
      async () => ((await attemptsOf(shop, id)).length === 4 ? true : undefined),
      "both are asked again",
    );
  });

  test("a part is delivered at once, and the rest by the next source", async () => {
    const [shop, other] = await Promise.all([supplierShop(), supplierShop()]);
    const sources = [from(shop, magicProduct("partlyDone", 1)), from(other, magicProduct("success"))];
    const { id } = await buy(shop, await product(shop, { sources }), 3);
    const shown = await orderIn(shop, id, "fulfilled");
    expect(shown.lines).toMatchObject([{ quantity: 1 }, { quantity: 2 }]);
    expect(await secretsOf(shop, id)).toEqual([...codesFor(shop, id), ...codesFor(other, id)]);
    await expectMoney(shop, 3 * PRICE);
  });

  test("of a top-up too, and of what no source has only the price goes back", async () => {
    const [shop, other] = await Promise.all([supplierShop(), supplierShop()]);
    const sources = [from(shop, "prod_phone"), from(other, "prod_phone")];
    const account = magicAccount("partlyDone", 1);
    const { id } = await buy(shop, await product(shop, { kind: "topup", sources }), 3, { account });
    await orderIn(shop, id, "review");
    await operate(shop.stack, {
      method: "POST",
      path: `/admin/v1/reviews/${id}/decisions`,
      json: { action: "refund", reason: "nobody has the third" },
    });
    const shown = await orderIn(shop, id, "partly_fulfilled");
    expect(shown.lines).toMatchObject([{ state: "fulfilled" }, { state: "fulfilled" }, { state: "refunded" }]);
    // Each got the same recipient, which is sealed for the line that was bought.
    expect([shop, other].flatMap(({ supplier }) => supplier.orders())).toMatchObject([{ account }, { account }]);
    await expectMoney(shop, 3 * PRICE, PRICE);
  });

  test("one that nobody answers at is left for the next, without a failed step", async () => {
    const [shop, other] = await Promise.all([supplierShop(), supplierShop()]);
    await shop.gate.close();
    const account = magicAccount("success");
    const sources = [from(shop, "prod_phone"), from(other, "prod_phone")];
    const { id } = await buy(shop, await product(shop, { kind: "topup", sources }), 1, { account });
    await orderIn(shop, id, "fulfilled");
    expect(deliveriesFor(other, id)).toBe(1);
    expect(await attemptsOf(shop, id)).toMatchObject([{ outcome: "not_sent", reason: "unreachable" }, {}]);
    expect(await timesEntered(shop.stack, id, "Pause before the next try")).toBe(0);
  });
});

describe.concurrent("a promise of delivery that is missed", () => {
  test.each([
    ["review", "review", "overdue"],
    ["wait", "fulfilling", undefined],
  ] as const)("is flagged; the product says %s, so the order is then in %s", async (whenLate, state, reason) => {
    const shop = await supplierShop(patient);
    const promise = { deliverWithinSeconds: 2, whenLate };
    const productId = await product(shop, { kind: "topup", sources: [from(shop, "prod_phone")], ...promise });
    const { id } = await buy(shop, productId, 1, { account: magicAccount("neverDone") });
    const late = await eventually(async () => {
      const { order: seen } = await inspect(shop, id);
      return seen.overdue ? seen : undefined;
    }, `${id} overdue`);
    expect(late).toMatchObject({ state, promise: { withinSeconds: 2, whenLate } });
    expect((await reviewOf(shop, id))?.reason).toBe(reason);
  });
});
