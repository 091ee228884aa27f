import { afterAll, describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { invoke } from "../../support/engine/invoke.ts";
import { listen } from "../../support/events/events.ts";
import { terminal } from "../../support/ops/ops.ts";
import { available, eventually, http, type Json, operate, order } from "../../support/orders/shop.ts";
import { magicProduct } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, patient, type SupplierShop, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import type { Offered } from "../../support/suppliers/supplier-simulator.ts";

const stack = deployedStack();
const { json } = terminal(stack);
afterAll(closeSuppliers);

const offered = (id: string, amount: number, availability: Offered["availability"] = "in_stock"): Offered => ({
  id,
  name: id,
  price: { amount, currency: "CNY" },
  availability,
});

/** Reads the supplier's catalogue as an operator would, and waits until that was done. */
async function sync({ supplierId }: SupplierShop): Promise<Json> {
  const asked = new Date().toISOString();
  expect((await json("suppliers", "sync", supplierId)).code).toBe(0);
  return eventually(async () => {
    const { value } = await json("suppliers", "changes", supplierId);
    return value.completedAt > asked ? value : undefined;
  }, "the catalogue read");
}

const shown = async ({ key }: SupplierShop, productId: string): Promise<Json> =>
  http(stack, "GET", `/v1/products/${productId}`, { key });

describe.concurrent("what suppliers say of their goods", () => {
  test("is shown with its age, and what they all lack is refused before anybody pays", async () => {
    const shop = await supplierShop(patient);
    expect((await shown(shop, shop.productId)).body).toMatchObject({ availability: "in_stock" });
    shop.supplier.offer(offered("prod_phone_50", 4000, "sold_out"));
    const { data, items } = await sync(shop);
    expect([items, data]).toMatchObject([1, [{ supplierProductId: "prod_phone_50", after: { stock: 0 } }]]);
    const lines = [{ productId: shop.productId, quantity: 1, recipient: { account: "13800000000" } }];
    const before = await available(shop);
    await eventually(async () => (await order(shop, lines)).status === 409 || undefined, "the refusal");
    const empty = async () => {
      const { body } = await shown(shop, shop.productId);
      return body.availability === "sold_out" ? body : undefined;
    };
    const { asOf } = await eventually(empty, "the shelf shown as empty");
    expect(asOf).toMatch(/^20/);
    shop.supplier.offer(offered("prod_phone_50", 4000));
    await sync(shop);
    await eventually(async () => (await order(shop, lines)).status === 201 || undefined, "the sale");
    expect(await available(shop)).toBeLessThan(before);
  });

  test("takes a product off sale that would be sold at a loss, tells so, and leaves it to a person", async () => {
    const shop = await supplierShop(patient);
    const bus = await listen(stack);
    shop.supplier.offer(offered("prod_phone_50", 4951));
    await sync(shop);
    const isGone = async () => (await shown(shop, shop.productId)).status === 404 || undefined;
    await eventually(isGone, "the product off sale");
    const told = await bus.until(shop.productId, "product.unlisted");
    expect(told.filter(({ type }) => type === "product.unlisted")).toMatchObject([{ reason: "cost_above_price" }]);
    const lines = [{ productId: shop.productId, quantity: 1, recipient: { account: "13800000000" } }];
    expect((await order(shop, lines)).body).toMatchObject({ code: "unknown_product" });
    const dearer = ["--kind", "topup", "--name", "Phone", "--price", "6000", "--currency", "CNY"];
    const source = ["--supplier", shop.supplierId, "--supplier-product", "prod_phone_50"];
    expect((await json("products", "change", shop.productId, ...dearer, ...source)).value).toMatchObject({
      version: 2,
    });
    await json("products", "listing", shop.productId, "--is", "listed");
    await eventually(async () => (await order(shop, lines)).status === 201 || undefined, "the sale");
    await bus.close();
  });

  test("decides when stock is bought ahead", async () => {
    const shop = await supplierShop(patient);
    const theirs = magicProduct("success", 7);
    shop.supplier.offer(offered(theirs, 40), offered("prod_phone_50", 4000));
    await sync(shop);
    const price = { amount: 100, currency: "CNY" };
    const product: Json = await operate(stack, {
      method: "POST",
      path: "/admin/v1/products",
      json: { kind: "code", name: "Bought ahead", price },
    });
    const source = ["--supplier", shop.supplierId, "--supplier-product", theirs];
    const money = ["--max-cost", "40", "--daily-budget", "120", "--currency", "CNY"];
    const rule = await json("restock", "set", product.id, "--below", "2", "--quantity", "3", ...source, ...money);
    expect(rule).toMatchObject({ code: 0, value: { begun: 0 } });
    await invoke(stack, "suppliers-schedule", { job: "restock" });
    const sell = async () => (await order(shop, [{ productId: product.id, quantity: 3 }])).status === 201 || undefined;
    await eventually(sell, "stock that was bought ahead");
    expect((await json("restock", "show", product.id)).value).toMatchObject({ spent: [{ amount: 120 }] });
    expect((await json("rates", "set", "--from", "USD", "--to", "CNY", "--rate", "7.1")).code).toBe(0);
    expect((await json("rates", "list")).value.data).toContainEqual(expect.objectContaining({ rate: "7.1" }));
  });
});
