import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { RestockRule } from "../../shared/restock/model.ts";
import { restock } from "../../shared/restock/restock.ts";
import { readRestock, setRestock } from "../../shared/restock/table.ts";
import { syncSupplier } from "../../shared/suppliers/sync.ts";
import { fakeBus } from "../support/fake-aws.ts";
import { codeProduct } from "../support/market.ts";
import { type Everything, everythingOn } from "../support/on-second-engine.ts";
import { proofEngine } from "../support/proof-engine.ts";
import { seeded } from "../support/random.ts";
import { openWorld } from "../support/restock-world.ts";
import type { SecondEngine } from "../support/second-engine.ts";
import { sized } from "../support/size.ts";
import { offered, simulatedSource } from "../support/sources.ts";
import { magicProduct } from "../support/supplier-magic.ts";

// Functions that buy ahead and overlap, die between any two calls, and lose answers; a supplier that does what it was asked and
// does not say so, or hears of it a minute later. What it charges is what we count as spent, and within the budget.

let engine: SecondEngine;
let deps: Everything["deps"];

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  engine = await proofEngine();
  deps = everythingOn(engine).deps;
});
afterAll(async () => {
  vi.useRealTimers();
  await engine.stop();
});

const SEEDS = Number(process.env["SEEDS"] ?? sized(25, 300));
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
    const paidFor = charged / 10;
    return [
      ...world.log,
      ...(charged > budget ? [`charged ${charged} on a budget of ${budget}`] : []),
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
