import { afterAll, beforeAll, expect, test } from "vitest";
import { checkMargins } from "../../../shared/catalog/check-margins.ts";
import { readUnlisting, setListing } from "../../../shared/catalog/listing.ts";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { allProducts, createProduct, createVersion, findVersion } from "../../../shared/catalog/products.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import type { RestockRule } from "../../../shared/restock/model.ts";
import { askAgainAbout } from "../../../shared/restock/purchases.ts";
import { restock } from "../../../shared/restock/restock.ts";
import { allRestocks, readRestock, setRestock } from "../../../shared/restock/table.ts";
import { suppliersInUse } from "../../../shared/suppliers/ask-sync.ts";
import { marketNow, reachOf } from "../../../shared/suppliers/market.ts";
import { readSync } from "../../../shared/suppliers/offers.ts";
import { listRates, setRate } from "../../../shared/suppliers/rates.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { listChanges, syncSupplier } from "../../../shared/suppliers/sync.ts";
import { fakeBus } from "../../support/fake-aws.ts";
import { codeProduct } from "../../support/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { offered } from "../../support/sources.ts";
import { magicProduct } from "../../support/supplier-magic.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/supplier-simulator.ts";

// What suppliers sell, what that does to what we sell, and stock that is bought ahead.

const cny = (amount: number) => ({ amount, currency: "CNY" });

let simulator: SupplierSimulator;
beforeAll(async () => {
  simulator = await startSupplierSimulator();
});
afterAll(() => simulator.stop());

const { events, told } = fakeBus();
const deps = { ...(await sceneGround()).deps, events, eventBusName: "bus" };

async function supplier(): Promise<string> {
  const { apiKey, webhookSecret, url } = simulator;
  const credentials = { apiKey, webhookSecret };
  const request = NewSupplier.parse({ name: "S", protocol: "vouchsafe", baseUrl: url, credentials });
  const made = await createSupplier(deps, request, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  return made.value.id;
}

const sync = (supplierId: string) => syncSupplier(deps, supplierId, new Date().toISOString());
const topup = async (price: number, sources: NewProduct["sources"]): Promise<string> => {
  const made = await createProduct(deps, { kind: "topup", name: "T", price: cny(price), sources }, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  return made.value.id;
};
const listingOf = async (id: string) => (await allProducts(deps)).find((product) => product.id === id)?.listing;

test("a catalogue is read to its end; the next reading writes what changed, and says so", async () => {
  const supplierId = await supplier();
  simulator.offer(...Array.from({ length: 8 }, (_, index) => offered(`p${index}`, 100 + index)));
  expect(await sync(supplierId)).toMatchObject({ items: 8, changes: { length: 8 } });
  expect(await sync(supplierId)).toMatchObject({ items: 8, changes: [] });
  // What was asked for before the last one began has been done by it.
  expect(await syncSupplier(deps, supplierId, "2026-01-01T00:00:00.000Z")).toBeUndefined();
  simulator.offer(offered("p0", 100), offered("p1", 999), offered("new", 5, { availability: "sold_out" }));
  const changes = (await sync(supplierId))?.changes ?? [];
  expect(changes.map(({ supplierProductId }) => supplierProductId).toSorted()).toEqual([
    "new",
    "p1",
    "p2",
    "p3",
    "p4",
    "p5",
    "p6",
    "p7",
  ]);
  const listed = await listChanges(deps, supplierId, 10);
  expect(listed.next).not.toBeNull();
  const rest = await listChanges(deps, supplierId, 10, listed.next ?? "");
  expect(listed.changes.length + rest.changes.length).toBe(16);
  expect(listed.changes).toContainEqual(
    expect.objectContaining({
      supplierProductId: "p1",
      before: expect.objectContaining({ cost: cny(101) }) as object,
      after: expect.objectContaining({ cost: cny(999) }) as object,
    }),
  );
  expect(await readSync(deps, supplierId)).toMatchObject({ items: 3, balances: [cny(1_000_000)] });
  const source = (id: string) => ({ supplierId, supplierProductId: id });
  const market = await marketNow(deps, [source("p0"), source("p2"), source("new")], new Date());
  expect(reachOf([source("p0")], market, new Date()).isThere).toBe(true);
  expect(reachOf([source("p2"), source("new")], market, new Date())).toMatchObject({
    isThere: false,
    asOf: expect.any(String) as string,
  });
  expect(reachOf([source("p2"), source("never heard of")], market, new Date()).isThere).toBe(true);
});

test("one odd product never stops the reading of the others: it is left out, and named", async () => {
  const supplierId = await supplier();
  simulator.offer(offered("odd", 50), offered("fine", 90));
  await sync(supplierId);
  simulator.offer(offered("odd", 50, { name: "x".repeat(300) }), offered("fine", 91), offered("no id".repeat(50), 1));
  const synced = await sync(supplierId);
  expect(synced).toMatchObject({
    items: 1,
    leftOut: [
      { name: "odd", field: "name" },
      { name: "#3", field: "id" },
    ],
  });
  const changed = synced?.changes.map(({ supplierProductId, after: { cost, unread } }) => [
    supplierProductId,
    cost,
    unread,
  ]);
  expect(changed).toEqual([
    ["fine", cny(91), undefined],
    ["odd", undefined, "name"],
  ]);
  // What was known of it is known no more: its old cost must not live on as the cost of today.
  const market = await marketNow(deps, [{ supplierId, supplierProductId: "odd" }], new Date());
  expect(market.offers).toMatchObject([{ supplierProductId: "odd", onSale: true, unread: "name" }]);
  expect(market.offers[0]).not.toHaveProperty("cost");
  const note = {
    count: 2,
    first: [
      { name: "odd", field: "name" },
      { name: "#3", field: "id" },
    ],
  };
  expect(await readSync(deps, supplierId)).toMatchObject({ items: 1, leftOut: note });
  // The next reading says it no more, and a product that is as it should be is read again.
  expect((await sync(supplierId))?.changes).toEqual([]);
  simulator.offer(offered("odd", 50), offered("fine", 91));
  expect((await sync(supplierId))?.changes).toMatchObject([{ supplierProductId: "odd", after: { cost: cny(50) } }]);
  expect((await readSync(deps, supplierId))?.leftOut).toBeUndefined();
});

test("a supplier that is down changes nothing but the note of it", async () => {
  const request = NewSupplier.parse({
    name: "Gone",
    protocol: "vouchsafe",
    baseUrl: "http://127.0.0.1:1023",
    credentials: { apiKey: "key", webhookSecret: simulator.webhookSecret },
  });
  const made = await createSupplier(deps, request, newId("evt"));
  const supplierId = made.ok ? made.value.id : "";
  await expect(sync(supplierId)).rejects.toMatchObject({ name: "SupplierDown" });
  expect(await readSync(deps, supplierId)).toMatchObject({
    reason: "unreachable",
    failedAt: expect.any(String) as string,
  });
  expect((await listChanges(deps, supplierId, 10)).changes).toEqual([]);
});

test("what would be sold at a loss, or costs nothing, is off sale at once, and told once; a person lists it again", async () => {
  const supplierId = await supplier();
  const product = (id: string) => topup(100, [{ supplierId, supplierProductId: id }]);
  const [fine, loss, nothing] = [await product("fine"), await product("loss"), await product("nothing")];
  const either = await topup(100, [
    { supplierId, supplierProductId: "loss" },
    { supplierId, supplierProductId: "fine" },
  ]);
  simulator.offer(offered("fine", 90), offered("loss", 101), offered("nothing", 0));
  await sync(supplierId);
  told.splice(0);
  const unlisted = await checkMargins(deps, supplierId, new Date());
  expect(unlisted.map(({ id }) => id).toSorted()).toEqual([loss, nothing].toSorted());
  expect(told).toHaveLength(2);
  expect(await Promise.all([fine, loss, nothing, either].map(listingOf))).toEqual([
    "listed",
    "paused",
    "paused",
    "listed",
  ]);
  expect(await checkMargins(deps, supplierId, new Date())).toEqual([]);
  expect(told).toHaveLength(2);
  expect(await setListing(deps, loss, "listed")).toMatchObject({ value: { listing: "listed" } });
  expect(await setListing(deps, "prod_none", "listed")).toMatchObject({ code: "not_found" });
  expect(await checkMargins(deps, supplierId, new Date())).toHaveLength(1);
});

test("what its supplier lists with a cost that can't be read is off sale, unless a cost was agreed or nobody needs to know", async () => {
  const supplierId = await supplier();
  const product = (more: object) => topup(100, [{ supplierId, supplierProductId: "odd", ...more }]);
  const ids = [await product({}), await product({ cost: cny(90) }), await product({ unguarded: true })];
  simulator.offer(offered("odd", 50));
  await sync(supplierId);
  expect(await checkMargins(deps, supplierId, new Date())).toEqual([]);
  simulator.offer(offered("odd", 0, { price: { amount: 0.5, currency: "CNY" } }));
  await sync(supplierId);
  expect((await checkMargins(deps, supplierId, new Date())).map(({ id }) => id)).toEqual(ids.slice(0, 1));
  expect(await readUnlisting(deps, ids[0] ?? "")).toMatchObject({ reason: "cost_unknown", told: true });
});

test("costs in another currency are compared by a rate that is young enough, and by none otherwise", async () => {
  const supplierId = await supplier();
  const id = await topup(700, [{ supplierId, supplierProductId: "dollars" }]);
  simulator.offer(offered("dollars", 0, { price: { amount: 101, currency: "USD" } }));
  await sync(supplierId);
  const old = { from: "USD", to: "CNY", rate: "7", at: new Date(Date.now() - 4 * 24 * 3600_000).toISOString() };
  await setRate(deps, old);
  expect(await checkMargins(deps, supplierId, new Date())).toEqual([]);
  await setRate(deps, { ...old, at: new Date().toISOString() });
  expect(await listRates(deps)).toHaveLength(1);
  expect((await checkMargins(deps, supplierId, new Date())).map((product) => product.id)).toEqual([id]);
});

test("a product has versions: what is sold changes, what was bought does not", async () => {
  const id = await codeProduct(deps, 100);
  const next: NewProduct = { kind: "code", name: "Better", price: cny(200) };
  expect(await createVersion(deps, id, next, "key")).toMatchObject({ value: { version: 2, name: "Better" } });
  expect(await createVersion(deps, id, next, "key")).toMatchObject({ value: { version: 2 } });
  expect(await findVersion(deps, id, 1)).toMatchObject({ price: cny(100) });
  expect(await createVersion(deps, id, { ...next, kind: "link" }, "other")).toMatchObject({ code: "wrong_kind" });
  expect(await createVersion(deps, "prod_none", next, "key")).toMatchObject({ code: "not_found" });
  const both = await Promise.all(["a", "b"].map((key) => createVersion(deps, id, next, key)));
  const versions = both.flatMap((made) => (made.ok ? [made.value.version] : []));
  expect(versions.length).toBeGreaterThanOrEqual(1);
  expect(new Set(versions).size).toBe(versions.length);
});

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
  await new Promise((resolve) => setTimeout(resolve, 2_100)); // what is left is known for two seconds
  expect(await look()).toMatchObject({ begun: 2, spent: [{ amount: 400, currency: "CNY" }] });
  await new Promise((resolve) => setTimeout(resolve, 2_100));
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
