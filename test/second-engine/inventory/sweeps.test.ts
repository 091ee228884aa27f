import { expect, test } from "vitest";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { draw, onSale, openMarket } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// How soon what a crash has left is back, by a clock that is never quite a minute.

const { deps } = await sceneGround();

const LONGEST_SECONDS = LIMITS.holdSeconds + 120;

test.each([59, 60, 61])(
  "a ticket that nobody used is on sale again within its hold time and two minutes, with a sweep each %i seconds",
  async (every) => {
    const start = Date.now();
    for (const drawnAt of [1, every + 1, 2 * every + 1]) {
      const { productId } = await openMarket(deps, { stock: 3, money: 0 });
      await draw(deps, productId, 1, new Date());
      let [isDrawn, backAt] = [false, 0];
      for (let at = 0; backAt === 0; at += every) {
        if (!isDrawn && at > drawnAt) isDrawn = (await draw(deps, productId, 1, new Date())).length === 1;
        await sweepProduct(deps, productId, new Date(start + at * 1000));
        // The first comes back when it does; this is about the second.
        if (isDrawn && (await onSale(deps, productId)) === 3) backAt = at;
      }
      expect(backAt - drawnAt).toBeLessThanOrEqual(LONGEST_SECONDS + 3);
      expect(backAt - drawnAt).toBeGreaterThanOrEqual(LIMITS.holdSeconds);
    }
  },
);
