import { expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { readAccount, readLanes } from "../../../shared/ledger/lanes.ts";
import { level, shift } from "../../../shared/ledger/level.ts";
import { pendingsIn } from "../../../shared/ledger/model.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { settleChannel } from "../../../shared/orders/settle-orders.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { moments } from "../../support/faults/crash.ts";
import { gainOf, readEntries } from "../../support/orders/books.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, type Market, openMarket, sweepUntilQuiet } from "../../support/orders/market.ts";

// Money lies in several lanes, and moves between them. Whatever call the process dies at: none appears, and none vanishes.

const { alive, crashEverywhere } = await ownGround();
const currency = "CNY";
const PRICE = 100;

async function openWith(amounts: readonly number[]): Promise<Market> {
  const money = amounts.reduce((sum, one) => sum + one, 0);
  const market = await openMarket(alive, { stock: 6, money, price: PRICE });
  const account = { channelId: market.channelId, currency };
  await setLanes(alive, account, amounts.length);
  for (const [lane, { spendable }] of (await readLanes(alive, account)).entries())
    if (lane > 0 && spendable > 0) await shift(alive, account, { from: lane, to: 0, amount: spendable });
  for (const [lane, amount] of amounts.entries())
    if (lane > 0 && amount > 0) await shift(alive, account, { from: 0, to: lane, amount });
  return market;
}

/** All that is in the account, wherever it lies: it is what the entries say, at every moment. */
async function expectNothingLost({ channelId }: Market): Promise<void> {
  const account = await readAccount(alive, channelId, currency);
  const entries = await readEntries(alive, channelId);
  const sold =
    0 -
    gainOf(
      channelId,
      entries.filter(({ name }) => name.startsWith("sale:")),
    );
  const pending = account === undefined ? 0 : pendingsIn(account).reduce((sum, one) => sum + one.pending.amount, 0);
  // Entries of sales are written before their pendings are dropped.
  const unposted = sold - (account?.posted ?? 0);
  expect((account?.spendable ?? 0) + pending - unposted).toBe(gainOf(channelId, entries));
}

async function expectAllInOrder(market: Market, orders: readonly string[]): Promise<void> {
  const { channelId, productId } = market;
  await settleChannel(alive, channelId, new Date(Date.now() + 3600_000));
  await sweepUntilQuiet(alive, productId);
  expect(await violations(alive, { products: [productId], channels: [channelId], orders })).toEqual([]);
}

const spendable = async ({ channelId }: Market) => (await readAccount(alive, channelId, currency))?.spendable;

test("an order that is paid with the money of several lanes: dead at any call, asked again, it is sold and charged once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const market = await openWith([90, 60, 80, 70]);
    const { channelId, productId } = market;
    const key = newId("req");
    const order = (deps: Domain) => buy(deps, channelId, key, [{ productId, quantity: 2 }]);
    await doomed.run(order);
    await expectNothingLost(market);
    expect(await order(alive)).toMatchObject({ ok: true, value: { order: { state: "fulfilled" } } });
    await expectAllInOrder(market, [orderIdFor(channelId, key)]);
    expect(await spendable(market)).toBe(100);
  });
  expect(calls).toBeGreaterThanOrEqual(20);
});

test("its cancellation: dead at any call, asked again, the money of all lanes is there", async () => {
  await crashEverywhere(async (doomed) => {
    const market = await openWith([90, 60, 80, 70]);
    const { channelId, productId } = market;
    const key = newId("req");
    await buy(alive, channelId, key, [{ productId, quantity: 2 }], "keep sealed");
    const cancel = (deps: Domain) => cancelOrder(deps, channelId, orderIdFor(channelId, key));
    await doomed.run(cancel);
    await expectNothingLost(market);
    expect(await cancel(alive)).toMatchObject({ value: { state: "cancelled" } });
    await expectAllInOrder(market, [orderIdFor(channelId, key)]);
    expect(await spendable(market)).toBe(300);
  });
});

test("what the schedule does, booking every lane and evening them out: dead at any call, done again, nothing is lost", async () => {
  await crashEverywhere(async (doomed) => {
    const market = await openWith([400, 0, 0, 100]);
    const { channelId, productId } = market;
    const keys = [newId("req"), newId("req"), newId("req")];
    for (const key of keys) await buy(alive, channelId, key, [{ productId, quantity: 1 }]);
    const later = new Date(Date.now() + 3600_000);
    await doomed.run((deps) => settleChannel(deps, channelId, later));
    await expectNothingLost(market);
    await expectAllInOrder(
      market,
      keys.map((key) => orderIdFor(channelId, key)),
    );
    expect((await readLanes(alive, { channelId, currency })).map((lane) => lane.spendable)).toEqual([50, 50, 50, 50]);
  });
});

test("a deposit to an account with lanes: dead at any call, paid in again under its reference, it counts once", async () => {
  await crashEverywhere(async (doomed) => {
    const market = await openWith([100, 0, 100]);
    const pay = (deps: Domain) => deposit(deps, market.channelId, { amount: 1000, currency }, "bank-1", new Date());
    await doomed.run(pay);
    await expectNothingLost(market);
    expect(await pay(alive)).toMatchObject({ value: { spendable: 1200 } });
    await expectAllInOrder(market, []);
  }, moments);
});

test("more lanes for an account: dead at any call, asked for again, they are there and all the money is in them", async () => {
  await crashEverywhere(async (doomed) => {
    const market = await openWith([500]);
    const { channelId, productId } = market;
    const widen = (deps: Domain) => setLanes(deps, { channelId, currency }, 5);
    await doomed.run(widen);
    await expectNothingLost(market);
    expect(await buy(alive, channelId, "meanwhile", [{ productId, quantity: 1 }])).toMatchObject({ ok: true });
    expect(await widen(alive)).toMatchObject({ value: { lanes: 5 } });
    await level(alive, { channelId, currency });
    await expectAllInOrder(market, [orderIdFor(channelId, "meanwhile")]);
    expect(await spendable(market)).toBe(400);
    expect(await readLanes(alive, { channelId, currency })).toHaveLength(5);
  }, moments);
});
