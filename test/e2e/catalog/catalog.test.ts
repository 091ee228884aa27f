import { describe, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import {
  http,
  importCodes,
  type Json,
  makeCodes,
  openShop,
  operate,
  order,
  type Shop,
  tryToOperate,
} from "../../support/orders/shop.ts";

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

/** Reads all pages of a list. One that is searched may have empty pages: others sell in this app too. */
async function allOf(shop: Shop, path: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let after = ""; ; ) {
    const { body } = await get(shop, `${path}${after}`);
    found.push(...body.data);
    if (body.nextCursor === null) return found;
    after = `&cursor=${encodeURIComponent(body.nextCursor)}`;
  }
}

const listing = (id: string, is: string) =>
  tryToOperate(stack, { method: "POST", path: `/admin/v1/products/${id}/listing`, json: { listing: is } });

describe.concurrent("a product", () => {
  test("tells channels its names, texts, shelves and rules; ended, it is gone for good", async ({ expect }) => {
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

  test("costs a tier's channels its price, in the list, in quotes and in orders, and is nowhere for others if it says so", async ({
    expect,
  }) => {
    const tag = `t${Date.now()}`;
    const [gold, other, open, hidden] = await Promise.all([
      openShop(),
      openShop(),
      create({ tags: [tag], names: { zh: "音乐月卡" }, floor: cny(1000) }),
      create({ tags: [tag], visibleTo: ["e2e-gold"] }),
    ]);
    await importCodes(stack, open.id, makeCodes(1));
    const post = (path: string, json: object) => tryToOperate(stack, { method: "POST", path, json });
    await post(`/admin/v1/channels/${gold.channelId}/tiers`, { tiers: ["e2e-gold"] });
    const until = "2099-01-01T00:00:00.000Z";
    const price = { productId: open.id, price: cny(1200), until };
    expect(await post("/admin/v1/tiers/e2e-gold/prices", price)).toMatchObject({ ok: true });
    expect(await post("/admin/v1/tiers/e2e-gold/prices", { ...price, price: cny(999) })).toMatchObject({
      ok: false,
      body: { errors: [{ pointer: "/price/amount" }] },
    });
    const line = { productId: open.id, quantity: 1 };
    const quote = (shop: Shop, productId: string) =>
      http(stack, "POST", "/v1/quotes", { key: shop.key, json: { lines: [{ productId, quantity: 1 }] } });
    await expect
      .poll(async () => (await quote(gold, open.id)).body)
      .toMatchObject({ total: cny(1200), validUntil: until });
    expect((await quote(other, open.id)).body).toMatchObject({ total: cny(1500) });
    expect((await quote(other, hidden.id)).body).toMatchObject({ code: "unknown_product" });
    expect((await get(other, `/v1/products/${hidden.id}`)).status).toBe(404);
    expect((await get(gold, `/v1/products/${hidden.id}`)).status).toBe(200);
    const found = await allOf(gold, `/v1/products?tag=${tag}&q=${encodeURIComponent("乐月")}&limit=100`);
    expect(found).toMatchObject([{ id: open.id, price: cny(1200) }]);
    expect((await order(gold, [line])).body).toMatchObject({ total: cny(1200), retailTotal: cny(1500) });
  });
});
