import { describe, expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { violations } from "../../support/orders/invariants.ts";
import { sweepUntilQuiet } from "../../support/orders/market.ts";
import { expectUnmoved, withKey } from "../../support/orders/refusals.ts";
import {
  available,
  countStock,
  eventually,
  http,
  openShop,
  order,
  type Shop,
  stockProduct,
} from "../../support/orders/shop.ts";
import { bookedBalance, goodsIn, goodsOf, secretsIn } from "../../support/orders/shown.ts";

const stack = deployedStack();
const deps = domain();

const get = (shop: Shop, path: string) => http(stack, "GET", path, { key: shop.key });
const cancel = (shop: Shop, id: string, key = "cancel") =>
  http(stack, "POST", `/v1/orders/${id}/cancel`, { key: shop.key, headers: { "Idempotency-Key": key } });

const looks = async (orderId: string) =>
  (await trailOf(deps, orderId)).filter(({ action }) => action === "codes_revealed");

/** A shop, its product, and an order of two codes that nobody has seen. */
async function unseen(quantity = 2) {
  const [shop, { productId, codes }] = await Promise.all([openShop(100_000), stockProduct(stack, 5)]);
  const seller = await withKey(shop, ["orders:write", "orders:read"]);
  const bought = await order(seller, [{ productId, quantity }], "k");
  expect(bought.status).toBe(201);
  return { shop, seller, productId, codes, id: bought.body.id as string };
}

describe.concurrent("deliverables", () => {
  // A large order's delivery is cut off elsewhere.
  test("of the largest order come page by page, each once, none missing", async () => {
    const [shop, { productId, codes }] = await Promise.all([openShop(100_000), stockProduct(stack, 50)]);
    const lines = [
      { productId, quantity: 30 },
      { productId, quantity: 20 },
    ];
    const bought = await order(shop, lines);
    expect(bought.status).toBe(201);
    const shown: ReturnType<typeof goodsIn> = [];
    const sizes: number[] = [];
    let cursor = "";
    do {
      const page = await get(shop, `/v1/orders/${bought.body.id}/deliverables?limit=20${cursor}`);
      expect(page.headers.get("cache-control")).toBe("no-store");
      shown.push(...goodsIn(page.body.data));
      sizes.push(page.body.data.length);
      cursor = page.body.nextCursor === null ? "" : `&cursor=${page.body.nextCursor}`;
    } while (cursor !== "" && sizes.length < 10);
    expect(sizes).toEqual([20, 20, 10]);
    expect(shown.map(({ secret }) => secret).toSorted()).toEqual(codes.toSorted());
    expect(shown).toEqual(goodsOf(bought.body));
  });

  // Staff read codes elsewhere, and no record says so.
  test("are on record for every look: which key, from where, when, in which request", async () => {
    const { shop, id } = await unseen();
    expect(await looks(id)).toEqual([]);
    const reader = await withKey(shop, ["codes:reveal"]);
    const before = new Date().toISOString();
    const answers = [];
    for (const limit of [1, 50, 50]) answers.push(await get(reader, `/v1/orders/${id}/deliverables?limit=${limit}`));
    const records = await looks(id);
    expect(records.map(({ requestId }) => requestId)).toEqual(
      answers.map(({ headers }) => headers.get("x-request-id")),
    );
    for (const record of records) {
      expect(record).toMatchObject({ subject: id, by: reader.keyId, from: expect.stringMatching(/^[\d.:a-f]+$/) });
      expect(record.at >= before && record.at <= new Date().toISOString()).toBe(true);
    }
    for (const { secret } of answers[1]?.body.data ?? []) expect(JSON.stringify(records)).not.toContain(secret);
  });

  test("shown again with the order are on record too", async () => {
    const [shop, { productId }] = await Promise.all([openShop(5000), stockProduct(stack, 1)]);
    const ask = () => order(shop, [{ productId, quantity: 1 }], "k");
    const first = await ask();
    const sold = await readOrder(deps, first.body.id);
    // The write that finished the sale records the first look, on the order itself.
    expect(sold?.revealed).toMatchObject({ by: expect.stringMatching(/^key_/), at: expect.any(String) });
    const again = await ask();
    expect(again.text).toBe(first.text);
    const requests = (await looks(first.body.id)).map(({ requestId }) => requestId);
    expect(requests).toEqual([again.headers.get("x-request-id")]);
  });
});

describe.concurrent("cancelling", () => {
  test("an order whose codes nobody has seen brings money and stock back, and can be asked for twice", async () => {
    const { shop, seller, productId, codes, id } = await unseen();
    expect((await bookedBalance(shop)).movements).toMatchObject([{ kind: "sale", amount: -3000 }, { kind: "deposit" }]);
    const cancelled = await cancel(seller, id);
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({
      id,
      state: "cancelled",
      refunded: { amount: 3000, currency: "CNY" },
      lines: [{ state: "cancelled" }],
    });
    await expectUnmoved(shop, [productId], async () => {
      expect((await cancel(seller, id)).text).toBe(cancelled.text);
      expect((await cancel(seller, id, "another key")).text).toBe(cancelled.text);
    });
    expect(await available(shop)).toBe(100_000);
    const { movements } = await bookedBalance(shop);
    expect(movements.map(({ kind, amount }) => [kind, amount])).toEqual([
      ["refund", 3000],
      ["sale", -3000],
      ["deposit", 100_000],
    ]);
    expect((await get(shop, `/v1/orders/${id}/deliverables`)).body.data ?? []).toEqual([]);
    await sweepUntilQuiet(deps, productId);
    expect(await countStock(stack, productId)).toMatchObject({ imported: 5, available: 5, sold: 0 });
    const bought = await eventually(async () => {
      const answer = await order(shop, [{ productId, quantity: 5 }]);
      return answer.status === 201 ? answer : undefined;
    }, "the codes are for sale again");
    expect(secretsIn(bought.body).toSorted()).toEqual(codes.toSorted());
    await bookedBalance(shop);
    expect(await violations(deps, { products: [productId], channels: [shop.channelId], orders: [id] })).toEqual([]);
  });

  test("is remembered: the cancelled order's key does not buy again", async () => {
    const { shop, seller, productId, id } = await unseen();
    await cancel(seller, id);
    await expectUnmoved(shop, [productId], async () => {
      const again = await order(seller, [{ productId, quantity: 2 }], "k");
      expect(again.body).toMatchObject({ id, state: "cancelled" });
    });
  });

  test("is too late once somebody has seen the codes, however they saw them", async () => {
    const { shop, seller, productId, id } = await unseen();
    expect((await get(shop, `/v1/orders/${id}/deliverables`)).body.data).toHaveLength(2);
    const inAnswer = await order(shop, [{ productId, quantity: 1 }]);
    await expectUnmoved(shop, [productId], async () => {
      expect(await cancel(seller, id)).toBeRefused("not_cancellable");
      expect(await cancel(shop, inAnswer.body.id)).toBeRefused("not_cancellable");
    });
  });

  test("and looking at once: one of them wins, never both", async () => {
    const races = await Promise.all(Array.from({ length: 4 }, () => unseen(1)));
    for (const { shop, seller, id } of races) {
      const [cancelled, looked] = await Promise.all([cancel(seller, id), get(shop, `/v1/orders/${id}/deliverables`)]);
      const saw = (looked.body.data ?? []).length;
      expect([cancelled.status, saw]).toEqual(cancelled.status === 200 ? [200, 0] : [409, 1]);
      expect(await available(shop)).toBe(cancelled.status === 200 ? 100_000 : 98_500);
    }
  });

  test("needs an Idempotency-Key", async () => {
    const { seller, id } = await unseen();
    const answer = await http(stack, "POST", `/v1/orders/${id}/cancel`, { key: seller.key });
    expect(answer).toBeRefused("idempotency_key_missing");
  });
});
