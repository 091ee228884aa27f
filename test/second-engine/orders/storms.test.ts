import { expect, onTestFinished, test, vi } from "vitest";
import type { Everything } from "../../support/engine/on-second-engine.ts";
import { buy, openMarket } from "../../support/orders/market.ts";
import { allWishes, storm } from "../../support/orders/storm.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { sized } from "../../support/size.ts";

// Flash sales, on the engine that is strict: exact, distinct, and without lost writes.

const { deps } = await sceneGround();

type Deps = Everything["deps"];
type Counted = { deps: Deps; refused: () => number; calls: () => number };

/** The same use cases, and how many of their calls there were, and were refused by a condition. */
function counted(deps: Deps): Counted {
  let [calls, refused] = [0, 0];
  const send = async (...args: unknown[]): Promise<unknown> => {
    calls += 1;
    try {
      return await (deps.db.send as (...args: unknown[]) => Promise<unknown>).call(deps.db, ...args);
    } catch (error) {
      if (error instanceof Error && error.name === "ConditionalCheckFailedException") refused += 1;
      throw error;
    }
  };
  const db = Object.assign(Object.create(deps.db) as Deps["db"], { send });
  return { deps: { ...deps, db }, refused: () => refused, calls: () => calls };
}

const CLAIMERS = sized("stormClaimers");
const STOCKS = [CLAIMERS / 10, CLAIMERS, sized("stormStock")];

test.each(allWishes.flatMap((wish) => STOCKS.map((stock) => [wish, stock] as const)))(
  `${CLAIMERS} claimers, %s, of %i codes: exact, distinct, at most 0.05 failed conditions for each code sold`,
  async (wish, stock) => {
    const alive = deps;
    const { lost } = await storm(alive, { claimers: CLAIMERS, stock, wish }, () => ({ buy, ...counted(alive) }));
    expect(lost).toBeLessThanOrEqual(0.05);
  },
);

test("after that, who comes too late costs one read, as long as the mark stands", async () => {
  const alive = deps;
  const { productId, channelId } = await openMarket(alive, { stock: 1, money: 10_000 });
  const lines = [{ productId, quantity: 1 }];
  const late = async (key: string): Promise<number> => {
    const meter = counted(alive);
    expect(await buy(meter.deps, channelId, key, lines)).toMatchObject({ code: "sold_out" });
    return meter.calls();
  };
  await buy(alive, channelId, "first", lines);
  // The mark goes by this clock.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
  for (const key of ["second", "third"]) await late(key);
  const costs = await Promise.all(Array.from({ length: 50 }, (_, index) => late(`late ${index}`)));
  expect(new Set(costs)).toEqual(new Set([1]));
});
