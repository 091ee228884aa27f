import { expect, test } from "vitest";
import { orderIdFor } from "../../shared/orders/table.ts";
import { violations } from "../support/invariants.ts";
import { buy, openMarket, secretsOf, settleMoney, sweepUntilQuiet } from "../support/market.ts";
import type { Everything } from "../support/on-second-engine.ts";
import { seeded } from "../support/random.ts";
import { sized } from "../support/size.ts";

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

const CLAIMERS = sized(100, 1_000);
const STOCKS = [CLAIMERS / 10, CLAIMERS, sized(500, 10_000)];
const LARGEST = 5;

/** Flash sales, on the engine that is strict: exact, distinct, and without lost writes. */
export function storms(ground: () => Everything): void {
  test.each(
    STOCKS.flatMap((stock) => [["one each", stock, 1] as const, ["one to five each", stock, LARGEST] as const]),
  )(
    `${CLAIMERS} claimers, %s, of %i codes: exact, distinct, at most 0.05 failed conditions for each code sold`,
    { timeout: sized(60_000, 600_000) },
    async (what, stock, most) => {
      const alive = ground().deps;
      const random = seeded(stock, "storm");
      const stage = await openMarket(alive, { stock, money: CLAIMERS * LARGEST * 100 });
      const { productId, channelId } = stage;
      const asked = Array.from({ length: CLAIMERS }, () => 1 + random.below(most));
      const claims = await Promise.all(
        asked.map(async (quantity, index) => {
          const meter = counted(alive);
          const bought = await buy(meter.deps, channelId, `claim ${index}`, [{ productId, quantity }]);
          return { bought, quantity, refused: meter.refused() };
        }),
      );
      const sold = claims.filter(({ bought }) => bought.ok);
      const codes = sold.flatMap(({ bought }) => (bought.ok ? secretsOf(bought.value.goods) : []));
      expect(codes).toHaveLength(sold.reduce((sum, { quantity }) => sum + quantity, 0));
      expect(new Set(codes).size).toBe(codes.length);
      expect(stage.codes).toEqual(expect.arrayContaining(codes));
      const wanted = asked.reduce((sum, quantity) => sum + quantity, 0);
      // Whoever wants more than is left gets nothing, so some of the last codes may stay: fewer than one could want.
      expect(codes.length).toBeGreaterThan(Math.min(stock, wanted) - most);
      for (const { bought } of claims) expect(bought.ok || bought.code).toBe(bought.ok || "sold_out");
      const lost = sold.reduce((sum, { refused }) => sum + refused, 0) / codes.length;
      expect(lost).toBeLessThanOrEqual(0.05);
      process.stdout.write(
        `storm: ${CLAIMERS} claimers, ${what}, ${stock} codes: ${codes.length} sold, ${lost} failed conditions for each\n`,
      );
      const orders = claims.map((_claim, index) => orderIdFor(channelId, `claim ${index}`));
      await settleMoney(alive, ...orders);
      await sweepUntilQuiet(alive, productId);
      expect(await violations(alive, { products: [productId], channels: [channelId], orders })).toEqual([]);
    },
  );

  test("after that, who comes too late costs one read, as long as the mark stands", async () => {
    const alive = ground().deps;
    const { productId, channelId } = await openMarket(alive, { stock: 1, money: 10_000 });
    const lines = [{ productId, quantity: 1 }];
    const late = async (key: string): Promise<number> => {
      const meter = counted(alive);
      expect(await buy(meter.deps, channelId, key, lines)).toMatchObject({ code: "sold_out" });
      return meter.calls();
    };
    await buy(alive, channelId, "first", lines);
    for (const key of ["second", "third"]) await late(key);
    const costs = await Promise.all(Array.from({ length: 50 }, (_, index) => late(`late ${index}`)));
    expect(new Set(costs)).toEqual(new Set([1]));
  });
}
