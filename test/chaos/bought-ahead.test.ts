import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Everything, everythingOn } from "../support/on-second-engine.ts";
import { proofEngine } from "../support/proof-engine.ts";
import { seeded } from "../support/random.ts";
import { openWorld } from "../support/restock-world.ts";
import type { SecondEngine } from "../support/second-engine.ts";
import { sized } from "../support/size.ts";

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
const FIRST_SEED = Number(process.env["SEED"] ?? 200);
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
