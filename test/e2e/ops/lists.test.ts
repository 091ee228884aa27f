import { expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { anImport, aSupplier } from "../../support/ops/subjects.ts";
import { http, type Json, openShop, operate, order, stockProduct, tryToOperate } from "../../support/orders/shop.ts";
import { idsIn } from "../../support/orders/shown.ts";

// What an operator finds again without having kept its id. That each answer is as described, the caller checks.

const stack = deployedStack();
const get = (path: string, query: Record<string, string> = {}): Promise<Json> =>
  operate(stack, { method: "GET", path: `/admin/v1/${path}`, query });

test("a channel is found in the list, with its money and the names of its keys", async () => {
  const { channelId, key } = await openShop(700);
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Json = await get("channels", { limit: "100", ...(cursor === null ? {} : { cursor }) });
    ids.push(...idsIn(page.data));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(ids).toContain(channelId);
  expect((await get(`channels/${channelId}`)).account.balances[0].available).toEqual({ amount: 700, currency: "CNY" });
  const keys = await get(`channels/${channelId}/keys`);
  expect(keys.data).toHaveLength(1);
  expect(JSON.stringify(keys)).not.toContain(key);
});

test("an order is found by its channel and what the channel calls it, and not by another time", async () => {
  const shop = await openShop();
  const { productId } = await stockProduct(stack, 3);
  const [, wanted] = [
    await order(shop, [{ productId, quantity: 1 }], "one", { reference: "first" }),
    await order(shop, [{ productId, quantity: 1 }], "two", { reference: "second" }),
  ];
  const channel = shop.channelId;
  const found = async (query: Record<string, string>) => idsIn((await get("orders", { channel, ...query })).data);
  expect(await found({})).toHaveLength(2);
  expect(await found({ reference: "second", state: "fulfilled" })).toEqual([wanted?.body.id]);
  expect(await found({ state: "review" })).toEqual([]);
  expect(await found({ since: "2999-01-01T00:00:00.000Z" })).toEqual([]);
  const everywhere = async (query: Record<string, string>): Promise<string[]> => {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Json = await get("orders", { ...query, ...(cursor === undefined ? {} : { cursor }) });
      ids.push(...idsIn(page.data));
      cursor = page.nextCursor;
    }
    return ids;
  };
  expect(await everywhere({ reference: "second", since: wanted?.body.placedAt })).toContain(wanted?.body.id);
  const nowhere = await tryToOperate(stack, { method: "GET", path: "/admin/v1/orders", query: { state: "review" } });
  expect(nowhere).toMatchObject({ status: 400, body: { errors: [{ pointer: "/query/channel" }] } });
  const unknown = await tryToOperate(stack, { method: "GET", path: "/admin/v1/orders", query: { channel: "chan_x" } });
  expect(unknown.status).toBe(400);
});

test("suppliers and imports are found without their ids", async () => {
  const supplierId = await aSupplier();
  const { subject: productId, what } = await anImport();
  const suppliers: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Json = await get("suppliers", { limit: "100", ...(cursor === undefined ? {} : { cursor }) });
    suppliers.push(...idsIn(page.data));
    cursor = page.nextCursor;
  }
  expect(suppliers).toContain(supplierId);
  const { data } = await get("imports", { productId, state: "awaiting_file", limit: "100" });
  expect((data as { importId: string }[]).map(({ importId }) => importId)).toEqual([what.importId]);
});

test("an address that takes another method says which, and one that there isn't is not found", async () => {
  const other = await tryToOperate(stack, { method: "DELETE", path: "/admin/v1/products" });
  expect(other).toMatchObject({ status: 405, body: { code: "method_not_allowed" } });
  expect(await tryToOperate(stack, { method: "GET", path: "/admin/v1/weather" })).toMatchObject({ status: 404 });
});

test("a product and its records are read by its id", async () => {
  const { productId } = await stockProduct(stack, 1);
  expect(await get(`products/${productId}`)).toMatchObject({ id: productId, listing: "listed" });
  const { data } = await get("audit", { subject: productId });
  expect((data as { action: string }[]).map(({ action }) => action)).toEqual(["stock_imported", "product_created"]);
});

test("what is not there is not found, and operators' lists are not for channels", async () => {
  const { key } = await openShop(0);
  for (const path of ["products/prod_x", "channels/chan_x", "channels/chan_x/keys", "suppliers/sup_x"]) {
    expect([path, (await tryToOperate(stack, { method: "GET", path: `/admin/v1/${path}` })).status]).toEqual([
      path,
      404,
    ]);
    expect([path, (await http(stack, "GET", `/admin/v1/${path}`, { key })).status]).toEqual([
      path,
      expect.toBeOneOf([401, 403]),
    ]);
  }
});
