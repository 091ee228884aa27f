import { describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { http, type Json, openShop, operate, order, type Shop, tryToOperate } from "../../support/orders/shop.ts";

// What operators say of products is what channels read, find and are charged.

const stack = deployedStack();

const cny = (amount: number) => ({ amount, currency: "CNY" });

const create = (more: object): Promise<Json> =>
  operate(stack, {
    method: "POST",
    path: "/admin/v1/products",
    json: { kind: "code", name: "Music, one month", price: cny(1500), ...more },
  });

const get = (shop: Shop, path: string) => http(stack, "GET", path, { key: shop.key });

const listing = (id: string, is: string) =>
  tryToOperate(stack, { method: "POST", path: `/admin/v1/products/${id}/listing`, json: { listing: is } });

describe.concurrent("a product", () => {
  test("tells channels its names, texts, shelves and rules; ended, it is gone for good", async () => {
    const said = {
      kind: "licence",
      names: { zh: "音乐月卡" },
      description: { zh: "一个月", en: "A month" },
      redemption: { instructions: { zh: "打开应用", en: "Open the app" }, url: "https://redeem.example.com/" },
      categories: ["music"],
      tags: ["gift"],
      regions: ["CN"],
      validity: { days: 30 },
      refundRule: { buyer: "unseen", days: 7 },
    };
    const [shop, { id }] = await Promise.all([openShop(), create(said)]);
    expect((await get(shop, `/v1/products/${id}`)).body).toMatchObject({ id, ...said });
    expect(await listing(id, "ended")).toMatchObject({ ok: true });
    expect(await listing(id, "listed")).toMatchObject({ ok: false, status: 409, body: { code: "product_ended" } });
    await expect.poll(async () => (await get(shop, `/v1/products/${id}`)).status).toBe(404);
    await expect
      .poll(async () => (await order(shop, [{ productId: id, quantity: 1 }])).body.code)
      .toBe("unknown_product");
  });
});
