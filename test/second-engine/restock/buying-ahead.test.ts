import { expect, onTestFinished, test, vi } from "vitest";
import { countStock } from "../../../shared/inventory/count.ts";
import type { RestockRule } from "../../../shared/restock/model.ts";
import { askAgainAbout } from "../../../shared/restock/purchases.ts";
import { restock } from "../../../shared/restock/restock.ts";
import { suppliersInUse } from "../../../shared/restock/suppliers-in-use.ts";
import { allRestocks, readRestock, setRestock } from "../../../shared/restock/table.ts";
import { codeProduct } from "../../support/orders/market.ts";
import { catalogueGround } from "../../support/suppliers/catalogue-ground.ts";
import { offered } from "../../support/suppliers/sources.ts";
import { magicProduct } from "../../support/suppliers/supplier-magic.ts";

// Stock that is bought ahead, when it is low, from a supplier that sells it.

const cny = (amount: number) => ({ amount, currency: "CNY" });
const { simulator, told, deps, supplier, sync, topup } = await catalogueGround();

const rule = (supplierId: string, supplierProductId: string, more: Partial<RestockRule> = {}): RestockRule => ({
  below: 5,
  quantity: 4,
  supplierId,
  supplierProductId,
  maxCost: cny(50),
  dailyBudget: cny(500),
  isOn: true,
  ...more,
});
const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });

test("stock that is low is bought ahead, once for each need and within the day's budget", async () => {
  const supplierId = await supplier();
  const productId = await codeProduct(deps, 100);
  const theirs = magicProduct("success");
  simulator.offer(offered(theirs, 50));
  await sync(supplierId);
  await setRestock(deps, productId, rule(supplierId, theirs), new Date());
  const look = async () => {
    const before = await readRestock(deps, productId);
    if (before !== undefined) await Promise.all([1, 2, 3].map(() => restock(deps, before)));
    return readRestock(deps, productId);
  };
  expect(await look()).toMatchObject({
    begun: 1,
    last: { outcome: "stocked", imported: 4 },
    spent: [{ amount: 200, currency: "CNY" }],
  });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ available: 4 });
  // What is left is remembered for two seconds.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect(await look()).toMatchObject({ begun: 2, spent: [{ amount: 400, currency: "CNY" }] });
  vi.setSystemTime(Date.now() + 2_000);
  expect(await look()).toMatchObject({ begun: 2 });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ available: 8 });
  told.splice(0);
  await setRestock(deps, productId, rule(supplierId, theirs, { below: 100 }), new Date());
  expect(await look()).toMatchObject({ begun: 2, stopped: { reason: "budget_spent", told: true } });
  await look();
  expect(new Set(told).size).toBe(1);
});

test("a supplier that stock is bought ahead from has its catalogue read, although no product names it; until that is off", async () => {
  const [source, ahead, stranger] = [await supplier(), await supplier(), await supplier()];
  await topup(100, [{ supplierId: source, supplierProductId: "any" }]);
  const productId = await codeProduct(deps, 100);
  await setRestock(deps, productId, rule(ahead, "any"), new Date());
  const inUse = async () => {
    const ids = await suppliersInUse(deps);
    return [source, ahead, stranger].map((id) => ids.filter((one) => one === id).length);
  };
  expect(await inUse()).toEqual([1, 1, 0]);
  await setRestock(deps, productId, rule(ahead, "any", { isOn: false }), new Date());
  expect(await inUse()).toEqual([1, 0, 0]);
});

test("news of a purchase ahead is noted on its rule, once however often its supplier calls", async () => {
  const supplierId = await supplier();
  const productId = await codeProduct(deps, 100);
  const news = { productId, supplierId, reference: `restock_${productId}_1` };
  await askAgainAbout(deps, news);
  expect(await readRestock(deps, productId)).toBeUndefined();
  await setRestock(deps, productId, rule(supplierId, "any", { isOn: false }), new Date());
  for (let call = 0; call < 2; call++) await askAgainAbout(deps, news);
  expect(await readRestock(deps, productId)).toMatchObject({ news: [news.reference] });
});

test("it stops by itself when the price moves, and goes on when it is back", async () => {
  const supplierId = await supplier();
  const productId = await codeProduct(deps, 100);
  const theirs = magicProduct("success", 1);
  await setRestock(deps, productId, rule(supplierId, theirs), new Date());
  for (const [price, reason] of [
    [51, "cost_above_limit"],
    [0, "cost_of_zero"],
    [50, undefined],
  ] as const) {
    simulator.offer(offered(theirs, price));
    await sync(supplierId);
    const before = await readRestock(deps, productId);
    if (before !== undefined) await restock(deps, before);
    expect((await readRestock(deps, productId))?.stopped?.reason).toBe(reason);
  }
  expect(await countStock(deps, productId, new Date())).toMatchObject({ available: 4 });
});

test("a purchase whose answer is lost is asked about, and its goods come into stock once", async () => {
  const supplierId = await supplier();
  const productId = await codeProduct(deps, 100);
  const theirs = magicProduct("errorButDone");
  simulator.offer(offered(theirs, 10));
  await sync(supplierId);
  await setRestock(deps, productId, rule(supplierId, theirs), new Date());
  const look = async (seconds: number) => {
    const before = await readRestock(deps, productId);
    if (before !== undefined) await restock(later(seconds), before);
    return readRestock(deps, productId);
  };
  expect(await look(0)).toMatchObject({ open: { state: "placing" } });
  expect(await look(5)).toMatchObject({ open: { state: "placing" } });
  expect(await look(30)).toMatchObject({ last: { outcome: "stocked", imported: 4 } });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ available: 4 });
  const bought = simulator.orders().filter(({ productId: id }) => id === theirs);
  expect(bought).toHaveLength(1);
});

test("a refusal gives the money back to the day, and a purchase that nobody explains is a person's", async () => {
  const supplierId = await supplier();
  const productId = await codeProduct(deps, 100);
  const refused = magicProduct("refused");
  const silent = magicProduct("silentNotDone", 20);
  simulator.offer(offered(refused, 10), offered(silent, 10));
  await sync(supplierId);
  const look = async (seconds: number) => {
    const before = (await allRestocks(deps)).find((one) => one.productId === productId);
    if (before !== undefined) await restock(later(seconds), before);
    return readRestock(deps, productId);
  };
  await setRestock(deps, productId, rule(supplierId, refused), new Date());
  expect(await look(0)).toMatchObject({
    last: { outcome: "refused", reason: "sold_out" },
    spent: [{ amount: 0, currency: "CNY" }],
  });
  await setRestock(deps, productId, rule(supplierId, silent), new Date());
  expect(await look(0)).toMatchObject({ open: { state: "placing" }, spent: [{ amount: 40, currency: "CNY" }] });
  // After the window it is placed again under its own reference; after an hour it is nobody's guess any more.
  const placed = simulator.requests().place;
  expect(await look(90)).toMatchObject({ begun: 2, open: { state: "placing" } });
  expect(simulator.requests().place).toBe(placed + 1);
  told.splice(0);
  for (const seconds of [3601, 3700])
    expect(await look(seconds)).toMatchObject({ open: { state: "stuck" }, stopped: { reason: "purchase_stuck" } });
  expect(new Set(told).size).toBe(1);
  expect(simulator.requests().place).toBe(placed + 1);
});
