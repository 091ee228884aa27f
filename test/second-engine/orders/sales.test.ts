import { expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { giveBack } from "../../../shared/inventory/give-back.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import { listOrders } from "../../../shared/orders/list.ts";
import { type Order, ticketsOf } from "../../../shared/orders/model.ts";
import { ORDERS_BY_TIME } from "../../../shared/orders/queues.ts";
import { orderIdFor, putOrder } from "../../../shared/orders/table.ts";
import { violations } from "../../support/orders/invariants.ts";
import {
  buy,
  giveMoney,
  openMarket,
  orderOf,
  secretsOf,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { codeLine, orderOf as orderLike } from "../../support/orders/order-fixtures.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const { deps } = await sceneGround();

test("one code, many codes, and the same key again", async () => {
  const { productId, channelId, codes } = await openMarket(deps, { stock: 30, money: 10_000 });
  const sold: string[] = [];
  for (const quantity of [1, 9]) {
    const first = await buy(deps, channelId, `${quantity} codes`, [{ productId, quantity }]);
    const again = await buy(deps, channelId, `${quantity} codes`, [{ productId, quantity }]);
    if (!first.ok || !again.ok) throw new Error(JSON.stringify([first, again]));
    expect(secretsOf(again.value.goods)).toEqual(secretsOf(first.value.goods));
    expect(await trailOf(deps, first.value.order.id)).toHaveLength(1);
    sold.push(...secretsOf(first.value.goods));
  }
  expect(new Set(sold).size).toBe(10);
  expect(codes).toEqual(expect.arrayContaining(sold));
  const orders = [1, 9].map((quantity) => orderIdFor(channelId, `${quantity} codes`));
  await settleMoney(deps, ...orders);
  await sweepUntilQuiet(deps, productId);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
});

test("a refusal leaves nothing behind, and the same key is its next try", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 2, money: 100 });
  expect(await buy(deps, channelId, "poor", [{ productId, quantity: 2 }])).toMatchObject({
    code: "insufficient_funds",
  });
  await giveMoney(deps, channelId, 1000);
  expect(await buy(deps, channelId, "many", [{ productId, quantity: 3 }])).toMatchObject({ code: "sold_out" });
  await sweepUntilQuiet(deps, productId);
  const late = { ...deps, clock: () => new Date(Date.now() + 600_000) };
  expect(await buy(late, channelId, "poor", [{ productId, quantity: 2 }])).toMatchObject({ ok: true });
});

test("money that is gone between look and debit refuses the order, and its key opens the next epoch", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 5, money: 100 });
  const both = await Promise.all(
    ["a", "b"].map((key) => buy(deps, channelId, key, [{ productId, quantity: 1 }], "keep sealed")),
  );
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  await giveMoney(deps, channelId, 100);
  for (const key of ["a", "b"])
    expect(await buy(deps, channelId, key, [{ productId, quantity: 1 }], "keep sealed")).toMatchObject({ ok: true });
  const orders = ["a", "b"].map((key) => orderIdFor(channelId, key));
  await settleMoney(deps, ...orders);
  await sweepUntilQuiet(deps, productId);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
  expect((await readAccount(deps, channelId, "CNY"))?.spendable).toBe(0);
});

test("an order is cancelled until somebody saw its goods; what it had is sold again", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 3, money: 1000 });
  const line = [{ productId, quantity: 3 }];
  const placed = await buy(deps, channelId, "first", line, "keep sealed");
  if (!placed.ok) throw new Error(placed.detail);
  expect(await cancelOrder(deps, channelId, placed.value.order.id)).toMatchObject({ value: { state: "cancelled" } });
  expect(await cancelOrder(deps, newId("chan"), placed.value.order.id)).toMatchObject({ code: "not_found" });
  await sweepUntilQuiet(deps, productId);
  const late = { ...deps, clock: () => new Date(Date.now() + 600_000) };
  const second = await buy(late, channelId, "second", line, "keep sealed");
  if (!second.ok) throw new Error(second.detail);
  const looker = { keyId: "key", sourceIp: "192.0.2.1", requestId: newId("req") };
  expect(await revealGoods(deps, second.value.order, looker)).toMatchObject({ ok: true });
  expect(await cancelOrder(deps, channelId, second.value.order.id)).toMatchObject({ code: "not_cancellable" });
  const orders = ["first", "second"].map((key) => orderIdFor(channelId, key));
  await settleMoney(deps, ...orders);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
});

test("numbers that were drawn and never filled are buried, and returns of returns come back", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 2, money: 1000 });
  const placed = await buy(deps, channelId, "first", [{ productId, quantity: 2 }], "keep sealed");
  if (!placed.ok) throw new Error(placed.detail);
  const { id, lines } = placed.value.order;
  const tickets = ticketsOf(lines);
  // Several givers of one code: one moves it, the others' numbers stay empty.
  await Promise.all([0, 1, 2].flatMap(() => tickets.map((ticket) => giveBack(deps, ticket, { orderId: id }))));
  await cancelOrder(deps, channelId, id);
  await sweepUntilQuiet(deps, productId);
  const orders = [id];
  await settleMoney(deps, id);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
  const late = { ...deps, clock: () => new Date(Date.now() + 600_000) };
  expect(await buy(late, channelId, "second", [{ productId, quantity: 2 }])).toMatchObject({ ok: true });
  expect((await orderOf(deps, channelId, "second"))?.state).toBe("fulfilled");
});

test("a channel's orders are listed newest first, a page at a time", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 5, money: 1000 });
  for (let i = 0; i < 5; i++) await buy(deps, channelId, `order ${i}`, [{ productId, quantity: 1 }], "keep sealed");
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await listOrders(deps, { channelId }, 2, after);
    seen.push(...page.orders.map(({ placedAt }) => placedAt));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(seen).toHaveLength(5);
  expect(seen).toEqual(seen.toSorted().toReversed());
});

test("a list over the shards of a channel misses no order, shows none twice and keeps their order, whatever the page", async () => {
  const channelId = newId("chan");
  // Several in one millisecond, and some that were begun long ago: the list goes by time, then by id.
  const placed = Array.from({ length: 60 }, (_, index) => ({
    ...orderLike("open", [codeLine("open")]),
    id: orderIdFor(channelId, `listed ${index}`),
    channelId,
    placedAt: new Date(Date.UTC(2026, 2, 1) + Math.floor((index * 7) % 20)).toISOString(),
  }));
  for (const order of placed) expect(await putOrder(deps, order)).toMatchObject({ ok: true });
  await putOrder(deps, { ...orderLike("open", [codeLine("open")]), id: newId("ord"), channelId: `${channelId}x` });
  const keyOf = ({ placedAt, id }: Order): string => `${placedAt}#${id}`;
  const newestFirst = placed.map(keyOf).toSorted().toReversed();
  for (const limit of [1, 7, 59, 60, 61, 100]) {
    const seen: string[] = [];
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      const page = await listOrders(deps, { channelId }, limit, after);
      expect(page.orders.length).toBeLessThanOrEqual(limit);
      seen.push(...page.orders.map(keyOf));
      after = page.next ?? undefined;
      expect(after ?? newestFirst[0]).toMatch(ORDERS_BY_TIME);
    }
    expect(seen).toEqual(newestFirst);
  }
});
