import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { buyAhead } from "../support/buying-ahead.ts";
import type { Calls } from "../support/calls.ts";
import { makeCodes } from "../support/codes.ts";
import { bothMoments, crashEach, type Doomed } from "../support/crash.ts";
import { domainOn, type Everything, everythingOn } from "../support/on-second-engine.ts";
import { proofEngine } from "../support/proof-engine.ts";
import type { SecondEngine } from "../support/second-engine.ts";

// What a supplier hands over for a purchase ahead: it is in stock once, and what is missing of it is told.

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

const born = (calls: Calls): Everything["deps"] => ({ ...deps, db: domainOn(engine, { calls }).db });
const cards = (count: number) => makeCodes(count).map((secret) => ({ secret }));

test.for([1, 3])("the same %d codes handed over for two purchases are in stock once, and told", async (quantity) => {
  const same = cards(quantity);
  const shop = await buyAhead(deps, () => same, { quantity });
  await shop.looks(6);
  await shop.supplier.stop();
  expect(await shop.available()).toBe(quantity);
  expect(shop.supplier.orders()).toHaveLength(2);
  expect(await shop.state()).toMatchObject({
    last: { outcome: "stocked", imported: quantity },
    open: { state: "stuck", reason: "duplicate_code", shortfall: quantity },
    stopped: { reason: "purchase_stuck" },
  });
  expect(shop.told.map((one) => one.split(" ")[0])).toEqual(["stock.restock_stopped"]);
});

test("a purchase counts what it has put into stock itself, whatever call dies", async () => {
  const scene = async (doomed: Doomed<Everything["deps"]>): Promise<void> => {
    const same = cards(3);
    const shop = await buyAhead(deps, () => same, { quantity: 3, below: 3 });
    await doomed.run((through) => shop.look(through));
    await shop.looks(3);
    await shop.supplier.stop();
    expect(await shop.available()).toBe(3);
    expect(await shop.state()).toMatchObject({ begun: 1, last: { outcome: "stocked", imported: 3 } });
    expect(shop.told).toEqual([]);
  };
  expect(await crashEach(born, scene, bothMoments, "writes")).toBeGreaterThanOrEqual(4);
});
