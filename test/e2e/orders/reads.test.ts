import { describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { topupProduct, withKey } from "../../support/orders/refusals.ts";
import {
  eventually,
  http,
  importCodes,
  type Json,
  makeCodes,
  openShop,
  order,
  type Shop,
  stockProduct,
} from "../../support/orders/shop.ts";
import { idsIn } from "../../support/orders/shown.ts";

const stack = deployedStack();
const absent = "ord_00000000000000000000000000";

const get = (shop: Shop, path: string) => http(stack, "GET", path, { key: shop.key });

/** All pages of a list, each as its items. */
async function pages(shop: Shop, path: string, limit: number): Promise<Json[][]> {
  const all: Json[][] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await get(shop, `${path}?limit=${limit}${more}`);
    expect(page.status).toBe(200);
    expect(Object.keys(page.body)).toEqual(["data", "nextCursor"]);
    all.push(page.body.data);
    cursor = page.body.nextCursor;
  } while (cursor !== null && all.length < 500);
  return all;
}

describe.concurrent("products", () => {
  test("say whether they are in stock, low or sold out, and never how many", async () => {
    const shop = await openShop(100_000);
    const [many, few, none, topup] = await Promise.all([
      stockProduct(stack, 12),
      stockProduct(stack, 2, 700),
      stockProduct(stack, 0),
      topupProduct(stack),
    ]);
    const shown = (id: string) => get(shop, `/v1/products/${id}`);
    // What is shown is some seconds old: somebody who lists all products may have seen these before their stock was there.
    const becomes = (id: string, availability: string) =>
      eventually(async () => {
        const { body } = await shown(id);
        return body.availability === availability ? body : undefined;
      }, availability);
    // One answer: the next may come from another process, which remembers an older stock.
    expect(await becomes(few.productId, "low")).toEqual({
      id: few.productId,
      kind: "code",
      name: "Test code",
      price: { amount: 700, currency: "CNY" },
      retailPrice: { amount: 700, currency: "CNY" },
      availability: "low",
    });
    await becomes(many.productId, "in_stock");
    expect((await shown(none.productId)).body.availability).toBe("sold_out");
    expect((await shown(topup)).body).toMatchObject({ kind: "topup", availability: "in_stock" });

    await order(shop, [{ productId: few.productId, quantity: 2 }]);
    await becomes(few.productId, "sold_out");
    await importCodes(stack, few.productId, makeCodes(11));
    await becomes(few.productId, "in_stock");
  });

  test("are listed page by page, each once", async () => {
    const [shop, ...made] = await Promise.all([
      openShop(0),
      ...Array.from({ length: 3 }, () => stockProduct(stack, 0)),
    ]);
    const listed = await pages(shop, "/v1/products", 7);
    // A page may be shorter: what is not on sale is left out of it, and other tests take products off sale.
    for (const page of listed) expect(page.length).toBeLessThanOrEqual(7);
    const ids = idsIn(listed.flat());
    expect(new Set(ids).size).toBe(ids.length);
    for (const { productId } of made) expect(ids).toContain(productId);
  });

  test("that do not exist are not found", async () => {
    const shop = await openShop(0);
    for (const id of ["prod_00000000000000000000000000", "x", "..", "%00", "__proto__"])
      expect(await get(shop, `/v1/products/${encodeURIComponent(id)}`)).toBeRefused("not_found");
    expect(await get(shop, `/v1/products/${"p".repeat(41)}`)).toBeRefused("invalid_request", "/path/productId");
  });
});

describe.concurrent("orders", () => {
  test("are listed newest first over several pages, without their goods, and only the channel's own", async () => {
    const [shop, stranger, { productId, codes }] = await Promise.all([
      openShop(50_000),
      openShop(50_000),
      stockProduct(stack, 10),
    ]);
    const placed: string[] = [];
    for (let n = 0; n < 7; n++) {
      placed.push((await order(shop, [{ productId, quantity: 1 }])).body.id);
      if (n === 3) await order(stranger, [{ productId, quantity: 1 }]);
    }
    const listed = await pages(shop, "/v1/orders", 3);
    expect(listed.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(idsIn(listed.flat())).toEqual(placed.toReversed());
    for (const code of codes) expect(JSON.stringify(listed)).not.toContain(code);
    expect((await pages(shop, "/v1/orders", 7)).map((page) => page.length)[0]).toBe(7);
    const one = await get(shop, `/v1/orders/${placed[2]}`);
    expect(one.body).toEqual(listed.flat()[4]);
  });

  test("are found by their Idempotency-Key after a time-out: one, or none", async () => {
    const [shop, stranger, { productId }] = await Promise.all([openShop(5000), openShop(), stockProduct(stack, 2)]);
    const key = "a key/with unusual & signs? 100%";
    const bought = await order(shop, [{ productId, quantity: 1 }], key);
    const path = `/v1/orders?idempotencyKey=${encodeURIComponent(key)}`;
    const { data, nextCursor } = (await get(shop, path)).body;
    expect([idsIn(data), nextCursor]).toEqual([[bought.body.id], null]);
    expect((await get(shop, "/v1/orders?idempotencyKey=never")).body).toEqual({ data: [], nextCursor: null });
    expect((await get(stranger, path)).body.data).toEqual([]);
  });

  test("of another channel are as absent as those that never were", async () => {
    const [shop, stranger, { productId }] = await Promise.all([openShop(5000), openShop(), stockProduct(stack, 2)]);
    const { id } = (await order(shop, [{ productId, quantity: 1 }])).body;
    const nosy = await withKey(stranger, ["orders:read", "orders:write", "codes:reveal"]);
    for (const [method, tail] of [
      ["GET", ""],
      ["GET", "/deliverables"],
      ["POST", "/cancel"],
    ] as const) {
      const ask = (order: string) =>
        http(stack, method, `/v1/orders/${order}${tail}`, { key: nosy.key, headers: { "Idempotency-Key": "k" } });
      const [theirs, none] = [await ask(id), await ask(absent)];
      expect(theirs).toBeRefused("not_found");
      expect({ ...theirs.body, requestId: "" }).toEqual({ ...none.body, requestId: "" });
    }
    expect((await get(shop, `/v1/orders/${id}`)).body.state).toBe("fulfilled");
  });
});

describe.concurrent("any list and any address", () => {
  test("a limit or cursor that is not ours is refused, by its name", async () => {
    const shop = await openShop(0);
    const lists = [
      ["/v1/products", 100],
      ["/v1/orders", 100],
      [`/v1/orders/${absent}/deliverables`, 1000],
    ] as const;
    for (const [list, largest] of lists) {
      for (const limit of ["0", "-1", String(largest + 1), "1.5", "x", ""])
        expect(await get(shop, `${list}?limit=${limit}`)).toBeRefused("invalid_request", "/query/limit");
      for (const cursor of ["x", "%00", Buffer.from("order#1").toString("base64url"), "%7B%7D", ""])
        expect(await get(shop, `${list}?cursor=${cursor}`)).toBeRefused("invalid_request", "/query/cursor");
      expect(await get(shop, `${list}?offset=3`)).toBeRefused("invalid_request", "/query/offset");
    }
  });

  test.each([
    ["GET", "/"],
    ["GET", "/v1"],
    ["GET", "/v2/products"],
    ["GET", "/v1/products/a/b"],
    ["GET", "/v1/orders/"],
    ["GET", "/admin"],
    ["GET", "/.env"],
  ])("%s %s: nothing is there", async (method, path) => {
    expect(await http(stack, method, path)).toBeRefused("not_found");
  });

  test.each([
    ["PUT", "/v1/orders", "POST, GET"],
    ["DELETE", "/v1/orders/ord_1", "GET"],
    ["PATCH", "/v1/account", "GET"],
    ["POST", "/v1/products", "GET"],
  ])("%s %s: the address takes %s", async (method, path, allowed) => {
    const answer = await http(stack, method, path);
    expect(answer).toBeRefused("method_not_allowed");
    expect(answer.headers.get("allow")).toBe(allowed);
  });
});
