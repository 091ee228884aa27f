import { expect, test } from "vitest";
import { checkMargins } from "../../../shared/catalog/check-margins.ts";
import { followCosts } from "../../../shared/catalog/follow-costs.ts";
import { readUnlisting, setListing } from "../../../shared/catalog/listing.ts";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { allProducts, createProduct, createVersion, findVersion } from "../../../shared/catalog/products.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { marketNow, reachOf } from "../../../shared/suppliers/market.ts";
import { readSync } from "../../../shared/suppliers/offers.ts";
import { listRates, setRate } from "../../../shared/suppliers/rates.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { listChanges, syncSupplier } from "../../../shared/suppliers/sync.ts";
import { codeProduct } from "../../support/orders/market.ts";
import { catalogueGround } from "../../support/suppliers/catalogue-ground.ts";
import { offered } from "../../support/suppliers/sources.ts";
import { valueOf } from "../../support/value-of.ts";

// What suppliers sell, and what that does to what we sell.

const cny = (amount: number) => ({ amount, currency: "CNY" });

const { simulator, told, deps, supplier, sync, topup } = await catalogueGround();
const changesIn = async (supplierId: string) => {
  const synced = await sync(supplierId);
  if (synced.kind !== "read") throw new Error(synced.kind);
  return synced.changes;
};
const listingOf = async (id: string) => (await allProducts(deps)).find((product) => product.id === id)?.listing;

test("a catalogue is read to its end; the next reading writes what changed, and says so", async () => {
  const supplierId = await supplier();
  simulator.offer(...Array.from({ length: 8 }, (_, index) => offered(`p${index}`, 100 + index)));
  expect(await sync(supplierId)).toMatchObject({ items: 8, changes: { length: 8 } });
  expect(await sync(supplierId)).toMatchObject({ items: 8, changes: [] });
  // What was asked for before the last one began has been done by it.
  expect(await syncSupplier(deps, supplierId, "2026-01-01T00:00:00.000Z")).toEqual({ kind: "overtaken" });
  simulator.offer(offered("p0", 100), offered("p1", 999), offered("new", 5, { availability: "sold_out" }));
  const changes = await changesIn(supplierId);
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
  if (synced.kind !== "read") throw new Error(synced.kind);
  const changed = synced.changes.map(({ supplierProductId, after: { cost, unread } }) => [
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
  expect(await changesIn(supplierId)).toEqual([]);
  simulator.offer(offered("odd", 50), offered("fine", 91));
  expect(await changesIn(supplierId)).toMatchObject([{ supplierProductId: "odd", after: { cost: cny(50) } }]);
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
  expect(await sync(supplierId)).toMatchObject({ kind: "down" });
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

test("a price follows its supplier's by its rule, once for each cost, never on a cost of nothing, and never over somebody's change", async () => {
  const supplierId = await supplier();
  const priceRule = { basisPoints: 10_500, plus: 10, ending: { last: 90, of: 100 as const } };
  const base = {
    kind: "topup" as const,
    name: "T",
    sources: [{ supplierId, supplierProductId: "followed" }],
    priceRule,
  };
  const made = valueOf(await createProduct(deps, { ...base, price: cny(5000), floor: cny(2000) }, newId("evt")));
  const at = async (cost: number) => {
    simulator.offer(offered("followed", cost));
    await sync(supplierId);
    told.splice(0);
    const followed = await followCosts(deps, supplierId, new Date());
    return [followed.map(({ version, price }) => [version, price.amount]), told.length];
  };
  expect(await at(9000)).toEqual([[[2, 9490]], 1]);
  expect(await at(9000)).toEqual([[], 0]);
  expect(await at(0)).toEqual([[], 0]);
  expect(await at(100)).toEqual([[[3, 2000]], 1]);
  // Somebody changes the product while the rule is computed: that stays, and the next run follows from there.
  const busy = await Promise.all([
    createVersion(deps, made.id, { ...base, name: "Theirs", price: cny(3000) }, newId("evt"), 3),
    at(8000),
  ]);
  expect(busy.filter((one) => Array.isArray(one) || one.ok).length).toBeGreaterThan(0);
  await followCosts(deps, supplierId, new Date());
  expect((await allProducts(deps)).find(({ id }) => id === made.id)).toMatchObject({ price: cny(8490) });
  // A crash after the version: the next run makes no other one.
  expect(await followCosts(deps, supplierId, new Date())).toEqual([]);
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
