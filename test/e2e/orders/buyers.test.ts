import { describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { expectUnmoved, withKey } from "../../support/orders/refusals.ts";
import { http, openShop, operate, order, type Shop, stockProduct } from "../../support/orders/shop.ts";
import { idsIn } from "../../support/orders/shown.ts";

const stack = deployedStack();

const ordersOf = (shop: Shop, buyer: string, more = "") =>
  http(stack, "GET", `/v1/orders?buyer=${encodeURIComponent(buyer)}${more}`, { key: shop.key });
const erase = (shop: Shop, id: string) => http(stack, "DELETE", `/v1/orders/${id}/contact`, { key: shop.key });

describe.concurrent("the buyer of an order", () => {
  test("has a list of orders, newest first and by pages, under any spelling of the name, in this channel alone", async () => {
    const [shop, other, { productId }] = await Promise.all([openShop(), openShop(), stockProduct(stack, 8)]);
    const lines = [{ productId, quantity: 1 }];
    const mine: string[] = [];
    for (let n = 0; n < 3; n++) mine.push((await order(shop, lines, undefined, { buyer: "Jo Anna" })).body.id);
    await order(shop, lines, undefined, { buyer: "ben" });
    await order(shop, lines);
    await order(other, lines, undefined, { buyer: "joanna" });
    const first = (await ordersOf(shop, "JOANNA", "&limit=2")).body;
    const second = (await ordersOf(shop, "jo anna", `&limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)).body;
    expect([...idsIn(first.data), ...idsIn(second.data)]).toEqual(mine.toReversed());
    expect(second.nextCursor).toBeNull();
    expect((await ordersOf(shop, "nobody")).body).toEqual({ data: [], nextCursor: null });
    expect(await ordersOf(shop, "a", "&idempotencyKey=b")).toBeRefused("invalid_request", "/query/buyer");
    expect(await ordersOf(shop, "")).toBeRefused("invalid_request", "/query/buyer");
  });

  test("can be reached by a contact that nobody is shown, until the channel erases it", async () => {
    const [shop, stranger, { productId }] = await Promise.all([openShop(), openShop(), stockProduct(stack, 2)]);
    const contact = { email: "Anna.Lee@Example.com", phone: "+86 138 0013 8000", locale: "zh-hans-cn" };
    const ask = (more: object) => order(shop, [{ productId, quantity: 1 }], "k", { buyer: "anna", ...more });
    const bought = await ask({ contact });
    expect(bought.body).toMatchObject({ state: "fulfilled", hasContact: true });
    expect(bought.text).not.toMatch(/anna|138|zh-/i);
    const same = await ask({
      contact: { email: "Anna.Lee@example.com", phone: "+8613800138000", locale: "zh-Hans-CN" },
    });
    expect(same.text).toBe(bought.text);
    expect(await ask({ contact: { ...contact, phone: "+8613800138001" } })).toBeRefused("idempotency_key_reused");
    expect(await ask({})).toBeRefused("idempotency_key_reused");
    const { id } = bought.body;
    expect(await erase(stranger, id)).toBeRefused("not_found");
    expect(await erase(await withKey(shop, ["orders:read"]), id)).toBeRefused("forbidden");
    const inside = await operate(stack, { method: "GET", path: `/admin/v1/orders/${id}` });
    expect(inside.order).toMatchObject({ hasContact: true });
    expect(JSON.stringify(inside)).not.toMatch(/anna|138001|zh-/i);
    const erased = [await erase(shop, id), await erase(shop, id)].map(({ body }) => body);
    for (const body of erased) expect(body).toMatchObject({ id, state: "fulfilled", hasContact: false });
    expect((await ask({ contact })).body).toMatchObject({ id, hasContact: false });
    expect(idsIn((await ordersOf(shop, "anna")).body.data)).toEqual([id]);
  });

  test("is refused with a contact that reaches nobody, by the name of the field, and nothing moves", async () => {
    const [shop, { productId }] = await Promise.all([openShop(), stockProduct(stack, 1)]);
    const refused: [unknown, ...string[]][] = [
      [{}, "/contact"],
      [null, "/contact"],
      [{ email: "anna" }, "/contact/email"],
      [{ phone: "138 0013 8000", locale: "x" }, "/contact/locale", "/contact/phone"],
      [{ email: "anna@example.com", name: "Anna" }, "/contact/name"],
    ];
    await expectUnmoved(shop, [productId], async () => {
      for (const [contact, ...pointers] of refused)
        expect(await order(shop, [{ productId, quantity: 1 }], undefined, { contact })).toBeRefused(
          "invalid_request",
          ...pointers,
        );
    });
  });
});
