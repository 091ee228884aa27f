import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { violations } from "../../support/orders/invariants.ts";
import { sweepUntilQuiet } from "../../support/orders/market.ts";
import { withKey } from "../../support/orders/refusals.ts";
import {
  countStock,
  eventually,
  http,
  openShop,
  order,
  orderIn,
  type Shop,
  stockProduct,
} from "../../support/orders/shop.ts";
import { bookedBalance, goodsIn } from "../../support/orders/shown.ts";

const stack = deployedStack();
const deps = domain();
const FUNDS = 2_000_000;

const get = (shop: Shop, path: string) => http(stack, "GET", path, { key: shop.key });
const post = (shop: Shop, path: string, json: object, key = "k") =>
  http(stack, "POST", path, { key: shop.key, json, headers: { "Idempotency-Key": key } });
const fileOf = (shop: Shop, id: string, json: object, key?: string) =>
  post(shop, `/v1/orders/${id}/deliverables/file`, json, key);

async function goodsOf(shop: Shop, id: string, limit: number) {
  const goods: ReturnType<typeof goodsIn> = [];
  let pages = 0;
  for (let cursor: string | null = ""; cursor !== null; pages++) {
    const page = await get(shop, `/v1/orders/${id}/deliverables?limit=${limit}${cursor && `&cursor=${cursor}`}`);
    expect(page.status).toBe(200);
    goods.push(...goodsIn(page.body.data));
    cursor = page.body.nextCursor as string | null;
  }
  return { goods, pages };
}

/** A shop, its product, and a large order that is sold and that nobody has looked at. */
async function soldOrder(quantity: number, stock = quantity) {
  const [shop, { productId, codes }] = await Promise.all([openShop(FUNDS), stockProduct(stack, stock)]);
  const placed = await order(shop, [{ productId, quantity }], "k");
  expect(placed).toMatchObject({ status: 201, body: { state: "fulfilling" } });
  const id = placed.body.id as string;
  await orderIn(shop, id, "fulfilled");
  return { shop, productId, codes, id };
}

describe.concurrent("an order of more codes than one request sells", () => {
  test("is sold by its workflow, and read page by page, each code once and none missing", async () => {
    const { shop, productId, codes, id } = await soldOrder(120, 130);
    const again = await order(shop, [{ productId, quantity: 120 }], "k");
    expect(again).toMatchObject({ status: 201, body: { id, state: "fulfilled" } });
    expect(again.text).not.toContain("deliverables");
    const { goods, pages } = await goodsOf(shop, id, 50);
    expect(pages).toBe(3);
    const secrets = goods.map(({ secret }) => secret);
    expect(new Set(secrets).size).toBe(120);
    expect(codes).toEqual(expect.arrayContaining(secrets));
    expect((await goodsOf(shop, id, 1000)).goods).toEqual(goods);
    expect(await countStock(stack, productId)).toMatchObject({ available: 10, held: 0, sold: 120 });
    expect((await bookedBalance(shop)).available.amount).toBe(FUNDS - 120 * 1500);
    await sweepUntilQuiet(deps, productId);
    expect(await violations(deps, { products: [productId], channels: [shop.channelId] })).toEqual([]);
  });

  test("comes as one file, which the buyer's key opens and no other, and the look is on record", async () => {
    const { shop, codes, id } = await soldOrder(60);
    const [identity, another] = await Promise.all([generateX25519Identity(), generateX25519Identity()]);
    const recipient = await identityToRecipient(identity);
    const made = await fileOf(shop, id, { recipient });
    expect(made).toMatchObject({ status: 200, body: { pieces: 60 } });
    expect(made.headers.get("cache-control")).toBe("no-store");
    const left = Date.parse(made.body.expiresAt as string) - Date.now();
    expect(left).toBeGreaterThan(600_000);
    expect(left).toBeLessThan(901_000);
    const file = new Uint8Array(await (await fetch(made.body.url as string)).arrayBuffer());
    expect(Buffer.from(file).toString("latin1")).not.toContain(codes[0]);
    const open = async (by: string): Promise<string> => {
      const decrypter = new Decrypter();
      decrypter.addIdentity(by);
      return decrypter.decrypt(file, "text");
    };
    const lines = (await open(identity)).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual((await goodsOf(shop, id, 100)).goods);
    await expect(open(another)).rejects.toThrow("no identity matched");
    const looks = (await trailOf(deps, id)).filter(({ action }) => action === "codes_revealed");
    expect(looks).toHaveLength(2);
    expect(looks[0]).toMatchObject({ requestId: made.headers.get("x-request-id") });
    // Asked again it is the same file, for another while.
    const again = await fileOf(shop, id, { recipient });
    const placeOf = ({ body }: typeof made) => new URL(body.url as string).pathname;
    expect(placeOf(again)).toBe(placeOf(made));
    // Another recipient's file is another request: the first link goes on to lead to what its owner can open.
    const other = { recipient: await identityToRecipient(another) };
    expect(await fileOf(shop, id, other)).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
    const forAnother = await fileOf(shop, id, other, "another");
    expect(placeOf(forAnother)).not.toBe(placeOf(made));
  });

  test("gives no file to a key that is none, to one that may not see goods, nor to another channel", async () => {
    const { shop, id } = await soldOrder(51);
    const recipient = await identityToRecipient(await generateX25519Identity());
    const broken = recipient.replace(/.$/, (last) => (last === "q" ? "p" : "q"));
    for (const wrong of [broken, "age1", "ssh-ed25519 AAAA"])
      expect(await fileOf(shop, id, { recipient: wrong })).toBeRefused("invalid_request", "/recipient");
    expect(await fileOf(shop, id, {})).toBeRefused("invalid_request", "/recipient");
    const blind = await withKey(shop, ["orders:write", "orders:read"]);
    expect(await fileOf(blind, id, { recipient })).toBeRefused("forbidden");
    const stranger = await openShop();
    expect(await fileOf(stranger, id, { recipient })).toBeRefused("not_found");
    // Nobody has seen anything by all this: it can still be cancelled.
    expect((await post(shop, `/v1/orders/${id}/cancel`, {})).body).toMatchObject({ state: "cancelled" });
    expect(await fileOf(shop, id, { recipient })).toBeRefused("not_found");
  });

  test("is all or nothing; or what there is, as the buyer says, and the answer tells the difference", async () => {
    const [shop, { productId }] = await Promise.all([openShop(FUNDS), stockProduct(stack, 55)]);
    const lines = [{ productId, quantity: 70 }];
    expect(await order(shop, lines, "a")).toBeRefused("sold_out", "/lines/0");
    const less = await order(shop, lines, "b", { acceptLess: true });
    expect(less.body).toMatchObject({ total: { amount: 55 * 1500 }, lines: [{ quantity: 55, requested: 70 }] });
    await orderIn(shop, less.body.id as string, "fulfilled");
    expect((await goodsOf(shop, less.body.id as string, 100)).goods).toHaveLength(55);
    expect((await bookedBalance(shop)).available.amount).toBe(FUNDS - 55 * 1500);
  });

  test("is cancelled after it was sold, and its codes are on sale again", async () => {
    const { shop, productId, id } = await soldOrder(150);
    const asked = await post(shop, `/v1/orders/${id}/cancel`, {});
    expect(asked).toMatchObject({ status: 200, body: { state: "cancelled" } });
    await eventually(async () => {
      const { sold } = await countStock(stack, productId);
      return sold === 0 || undefined;
    }, "every code is back");
    await eventually(async () => (await bookedBalance(shop)).available.amount === FUNDS || undefined, "money is back");
    await sweepUntilQuiet(deps, productId);
    expect(await countStock(stack, productId)).toMatchObject({ available: 150, sold: 0, held: 0 });
    expect(await violations(deps, { products: [productId], channels: [shop.channelId], orders: [id] })).toEqual([]);
  });
});
