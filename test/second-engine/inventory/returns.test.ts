import { expect, onTestFinished, test, vi } from "vitest";
import { countStock } from "../../../shared/inventory/count.ts";
import { readDirectory } from "../../../shared/inventory/directory.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { type Order, ticketsOf } from "../../../shared/orders/model.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { before, fallAsleep, meanwhile } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import {
  buy,
  type Market,
  onSale,
  openMarket,
  orderOf,
  settleMoney,
  stockedProduct,
} from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// What comes back can be bought at once. No sweeper comes in these scenes but where it is named.

const { deps } = await sceneGround();

const TWINS = 20;
const STOCK = 113;

const buyOne = (deps: Domain, { channelId, productId }: Market, key: string, place?: Place) =>
  buy(deps, channelId, key, [{ productId, quantity: 1 }], "keep sealed", place);

async function buyAll(deps: Domain, market: Market, count: number): Promise<number> {
  const keys = Array.from({ length: count }, (_, index) => `then ${index}`);
  const bought = await Promise.all(keys.map((key) => buyOne(deps, market, key)));
  return bought.filter(({ ok }) => ok).length;
}

async function expectAllInOrder(deps: Domain, { channelId, productId }: Market, keys: string[]): Promise<void> {
  const orders = keys.map((key) => orderIdFor(channelId, key));
  await settleMoney(deps, ...orders);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
}

test("after twenty twins of one key every code but theirs is for sale, before any sweeper comes", async () => {
  const market = await openMarket(deps, { stock: STOCK, money: 100_000 });
  await Promise.all(Array.from({ length: TWINS }, () => buyOne(deps, market, "twins")));
  const { available, returning } = await countStock(deps, market.productId, new Date());
  const sold = 1 + (await buyAll(deps, market, STOCK - 1));
  process.stdout.write(`after ${TWINS} twins of one key: ${sold} of ${STOCK} sold without a sweeper\n`);
  expect({ sold, available, returning }).toEqual({ sold: STOCK, available: STOCK - 1, returning: 0 });
  expect(await onSale(deps, market.productId)).toBeLessThanOrEqual(TWINS);
});

test("codes of cancelled orders, given back by two helpers of each at once, are for sale before any sweeper comes", async () => {
  const market = await openMarket(deps, { stock: 12, money: 100_000 });
  const keys = Array.from({ length: 12 }, (_, index) => `order ${index}`);
  for (const key of keys) await buyOne(deps, market, key);
  const cancel = (key: string) => cancelOrder(deps, market.channelId, orderIdFor(market.channelId, key));
  await Promise.all(keys.flatMap((key) => [cancel(key), cancel(key)]));
  expect(await countStock(deps, market.productId, new Date())).toMatchObject({ available: 12, returning: 0 });
  expect(await buyAll(deps, market, 12)).toBe(12);
  await expectAllInOrder(deps, market, [...keys, ...keys.map((_, index) => `then ${index}`)]);
});

test("a giver looks again behind its own number, for the one behind came when it was not his turn", async () => {
  const market = await openMarket(deps, { stock: 2, money: 100_000 });
  for (const key of ["a", "b"]) await buyOne(deps, market, key);
  const cancel = (on: Domain, key: string) => cancelOrder(on, market.channelId, orderIdFor(market.channelId, key));
  const slow = meanwhile(deps, before.returnsArePublished, () => cancel(deps, "b"));
  await cancel(slow, "a");
  expect(await countStock(deps, market.productId, new Date())).toMatchObject({ available: 2, returning: 0 });
  expect(await buyAll(deps, market, 2)).toBe(2);
  await expectAllInOrder(deps, market, ["a", "b", "then 0", "then 1"]);
});

test("what another process remembers as sold out is found by it a second later", async () => {
  const market = await openMarket(deps, { stock: 1, money: 100_000 });
  await buyOne(deps, market, "first");
  stopTheClock();
  // The process that gives back is another one: this one's memory is not told.
  vi.resetModules();
  const other = await import("../../../shared/orders/cancel.ts");
  for (const key of ["late", "later"]) expect(await buyOne(deps, market, key)).toMatchObject({ code: "sold_out" });
  await other.cancelOrder(deps, market.channelId, orderIdFor(market.channelId, "first"));
  vi.setSystemTime(Date.now() + 999);
  expect(await buyOne(deps, market, "too soon")).toMatchObject({ code: "sold_out" });
  vi.setSystemTime(Date.now() + 1);
  expect(await buyOne(deps, market, "in time")).toMatchObject({ ok: true });
});

test("a process that remembers that there was none does not mark it for a second more", async () => {
  const market = await openMarket(deps, { stock: 1, money: 100_000 });
  await buyOne(deps, market, "first");
  // Its memory lasts as long as this clock stands still; the mark's time goes by the clock of the buyers.
  stopTheClock();
  const markOf = async () => (await readDirectory(deps, market.productId)).soldOutUntil;
  expect(await buyOne(deps, market, "late")).toMatchObject({ code: "sold_out" });
  const mark = await markOf();
  const afterTheMark = { ...deps, clock: () => new Date(Date.now() + 5_000) };
  expect(await buyOne(afterTheMark, market, "later")).toMatchObject({ code: "sold_out" });
  expect(mark).toBeDefined();
  expect(await markOf()).toBe(mark);
});

test("a giver that dies before its number is filled holds up those behind it, and the count says so", async () => {
  const market = await openMarket(deps, { stock: 3, money: 100_000 });
  for (const key of ["dead", "alive"]) await buyOne(deps, market, key);
  const cancelDead = (on: Domain) => cancelOrder(on, market.channelId, orderIdFor(market.channelId, "dead"));
  await fallAsleep(deps, before.aCodeGoesBack, cancelDead);
  await cancelOrder(deps, market.channelId, orderIdFor(market.channelId, "alive"));
  const dead = (await orderOf(deps, market.channelId, "dead")) as Order;
  expect(ticketsOf(dead.lines)).toHaveLength(1);
  expect(await countStock(deps, market.productId, new Date())).toMatchObject({ available: 2, returning: 1 });
});

test("stock that nobody has touched is not on its way back", async () => {
  const productId = await stockedProduct(deps, 3);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ available: 3, returning: 0 });
});

/** From now on time passes only when a test says so. */
function stopTheClock(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
}

type Place = Parameters<typeof buy>[5];
