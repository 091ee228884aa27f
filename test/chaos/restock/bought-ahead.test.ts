import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { RestockRule } from "../../../shared/restock/model.ts";
import { restock } from "../../../shared/restock/restock.ts";
import { readRestock, setRestock } from "../../../shared/restock/table.ts";
import { syncSupplier } from "../../../shared/suppliers/sync.ts";
import { fakeBus } from "../../support/engine/fake-aws.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { codeProduct } from "../../support/orders/market.ts";
import { seeded } from "../../support/random.ts";
import { openWorld } from "../../support/restock/restock-world.ts";
import { sized } from "../../support/size.ts";
import { offered, simulatedSource } from "../../support/suppliers/sources.ts";
import { magicProduct } from "../../support/suppliers/supplier-magic.ts";

// Functions that buy ahead and overlap, die between any two calls, and lose answers; a supplier that does what it was asked and
// does not say so, or hears of it a minute later. What it charges is what we count as spent, and within the budget, also where it charges more than its catalogue says.

const { deps } = await ownEverything();

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterAll(() => {
  vi.useRealTimers();
});

const SEEDS = Number(process.env["SEEDS"] ?? sized("boughtAheadSeeds"));
const FIRST_SEED = Number(process.env["FIRST_SEED"] ?? 200);
const ACTS = 100;

async function explore(seed: number): Promise<string[]> {
  const random = seeded(seed, "bought ahead");
  const budget = random.pick([40, 80, 120]);
  const world = await openWorld(deps, random, budget);
  try {
    for (let act = 0; act < ACTS; act++) await world.happens();
    await world.comesToRest();
    const state = await world.state();
    const spent = [state?.spent ?? []].flat().reduce((sum, { amount }) => sum + amount, 0);
    const charged = world.supplier.charged();
    const sold = world.supplier.sold();
    const available = await world.available();
    const isTold =
      state?.open?.shortfall !== undefined && world.told.some((one) => one.startsWith("stock.restock_stopped"));
    const dearer = world.supplier.dearer();
    const surcharges = dearer.reduce((sum, { total, quantity }) => sum + total - quantity * 10, 0);
    const paidFor = (charged - surcharges) / 10;
    const toldOfCharges = new Set(world.told.filter((one) => one.startsWith("supplier.charge_differs")));
    return [
      ...world.log,
      // Nobody can know before that it charges more: only the purchase that does so may go beyond.
      ...(charged - Math.max(0, ...dearer.map(({ total, quantity }) => total - quantity * 10)) > budget
        ? [`charged ${charged} on a budget of ${budget}`]
        : []),
      ...(toldOfCharges.size === dearer.length
        ? []
        : [`charged more than agreed ${dearer.length} times, and told of ${toldOfCharges.size}`]),
      ...(charged === spent ? [] : [`charged ${charged}, counted as spent ${spent}`]),
      ...(available === paidFor || (isTold && available < sold.length + 1)
        ? []
        : [`paid for ${paidFor} codes, ${available} in stock, and nobody is told`]),
    ].map((violation) => `seed ${seed}: ${violation}`);
  } finally {
    await world.supplier.stop();
  }
}

test("whatever happens in between, what is charged is within the budget and counted, and each code is in stock or missed", async () => {
  const found: string[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) found.push(...(await explore(seed)));
  expect(found).toEqual([]);
});

test("a purchase that nobody heard of is placed again by one of those that look, and its window begins anew", async () => {
  const { look, placed, stop } = await lostPurchase();
  await Promise.all([look(61), look(61), look(61)]);
  expect(placed()).toBe(2);
  await look(61 + 30);
  expect(placed()).toBe(2);
  await stop();
});

test("a repeat that did nothing is no refusal: the purchase stays open under its name, and its money stays spent", async () => {
  const { look, placed, stop } = await lostPurchase();
  // The repeat is throttled: that says nothing about the first call.
  expect(await look(61)).toMatchObject({ begun: 1, open: { state: "placing" }, spent: [{ amount: 40 }] });
  expect(await look(61 + 61)).toMatchObject({
    begun: 1,
    last: { outcome: "stocked", imported: 4 },
    spent: [{ amount: 40 }],
  });
  expect(placed()).toBe(3);
  await stop();
});

test("what was really charged counts against the budget: one that charged more leaves less for the next", async () => {
  // Two purchases of 40 fit in the day's 80; one of 48 and one of 40 do not.
  const asAgreed = await dearPurchases(10);
  expect(asAgreed.begun).toBe(2);
  expect(asAgreed.told).toEqual([]);
  const dearer = await dearPurchases(12);
  expect(dearer.begun).toBe(1);
  expect(dearer.state).toMatchObject({
    spent: [{ amount: 48, currency: "CNY" }],
    last: { outcome: "stocked", charged: { amount: 48, currency: "CNY" } },
    stopped: { reason: "budget_spent" },
  });
  expect(dearer.told).toEqual([{ supplierId: dearer.supplierId, reference: dearer.reference, how: "more" }]);
});

test("a charge in another currency is told, and counts as what was agreed; one that can't be read does so too, untold", async () => {
  const abroad = await dearPurchases(12, "USD");
  expect(abroad.begun).toBe(2);
  expect(abroad.state).toMatchObject({ spent: [{ amount: 80, currency: "CNY" }] });
  expect(abroad.told).toMatchObject([{ how: "other_currency" }, { how: "other_currency" }]);
  const unreadable = await dearPurchases("twelve");
  expect(unreadable.begun).toBe(2);
  expect(unreadable.state).toMatchObject({ spent: [{ amount: 80, currency: "CNY" }] });
  expect(unreadable.told).toEqual([]);
});

/** Buys ahead until it stops, from a supplier that says 10 in its catalogue and charges this for a piece. */
async function dearPurchases(charge: unknown, currency?: string) {
  const source = await simulatedSource(deps);
  const theirs = magicProduct("success");
  source.simulator.offer(offered(theirs, 10));
  source.simulator.setCharge(charge, currency);
  const { events } = fakeBus();
  const clock = () => new Date("2026-01-05T12:00:00Z");
  const told: object[] = [];
  const buying = { ...deps, events, eventBusName: "bus", clock, onChargeDiffers: (facts: object) => told.push(facts) };
  vi.setSystemTime(clock());
  await syncSupplier(buying, source.supplierId, clock().toISOString());
  const productId = await codeProduct(deps);
  const money = (amount: number) => ({ amount, currency: "CNY" });
  const { supplierId } = source;
  const rule = { below: 100, quantity: 4, supplierId, supplierProductId: theirs };
  await setRestock(
    deps,
    productId,
    RestockRule.parse({ ...rule, maxCost: money(10), dailyBudget: money(80) }),
    clock(),
  );
  for (let looks = 0; looks < 4; looks++) {
    const before = await readRestock(deps, productId);
    if (before !== undefined) await restock(buying, before);
  }
  const state = await readRestock(deps, productId);
  await source.stop();
  return { state, told, supplierId, begun: state?.begun, reference: state?.last?.reference };
}

/** A purchase whose first call was lost on its way. The supplier slows the next one down, and does what it is asked after that. */
async function lostPurchase() {
  const source = await simulatedSource(deps, { timeoutMs: 500, inFlightSeconds: 60 });
  const theirs = magicProduct("throttledFirst", 1);
  source.simulator.offer(offered(theirs, 10));
  source.gate.trouble(({ kind }, earlier) => (kind === "place" && earlier === 0 ? "lost" : undefined));
  const { events } = fakeBus();
  const begins = Date.parse("2026-01-05T12:00:00Z");
  const at = (seconds: number) => ({
    ...deps,
    events,
    eventBusName: "bus",
    clock: () => new Date(begins + seconds * 1000),
  });
  await syncSupplier(at(0), source.supplierId, at(0).clock().toISOString());
  const productId = await codeProduct(deps);
  const money = (amount: number) => ({ amount, currency: "CNY" });
  const { supplierId } = source;
  const rule = { below: 5, quantity: 4, supplierId, supplierProductId: theirs };
  const limits = { maxCost: money(10), dailyBudget: money(80) };
  await setRestock(deps, productId, RestockRule.parse({ ...rule, ...limits }), at(0).clock());
  const look = async (seconds: number) => {
    const before = await readRestock(deps, productId);
    if (before !== undefined) await restock(at(seconds), before);
    return readRestock(deps, productId);
  };
  expect(await look(0)).toMatchObject({ begun: 1, open: { state: "placing" } });
  const placed = () => source.gate.passed().filter(({ kind }) => kind === "place").length;
  return { look, placed, stop: source.stop };
}
