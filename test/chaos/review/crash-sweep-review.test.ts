import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { decide } from "../../../shared/review/decide.ts";
import { type Everything, everythingOn } from "../../support/engine/on-second-engine.ts";
import { Calls, Crashed } from "../../support/faults/calls.ts";
import { stockedProduct } from "../../support/orders/market.ts";
import { anna, ben, fromStock, ReviewGround, refund } from "../../support/review/review-ground.ts";

// Decisions about reviews by operators who disagree, or whose process dies: goods or money, never both, never neither.

let ground: ReviewGround;
beforeAll(async () => {
  ground = await ReviewGround.open();
});
afterAll(() => ground.close());

describe("two operators who decide differently at once", () => {
  test.each([1, 2, 3, 4])("one of them wins, and the buyer has goods or money, never both (%s)", async () => {
    const seen = await ground.inReview();
    const productId = await stockedProduct(ground.deps, 1);
    const answers = await Promise.all([
      decide(ground.deps, seen.orderId, refund, anna),
      decide(ground.deps, seen.orderId, fromStock(productId), ben),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    await planOrder(ground.deps, seen.orderId);
    const { state, refunded } = await seen.order();
    expect([
      ["fulfilled", 0],
      ["partly_fulfilled", 50],
    ]).toContainEqual([state, refunded]);
    expect(await ground.wrongWith(seen, productId)).toEqual([]);
  });
});

describe("dead at any call of a decision, decided again, it is carried out once", () => {
  test.each([
    ["a refund", "partly_fulfilled", 50],
    ["a replacement from stock", "fulfilled", 0],
  ] as const)("%s", async (what, state, refunded) => {
    let calls = 0;
    for (let death = 1; ; death++) {
      const seen = await ground.inReview();
      const productId = await stockedProduct(ground.deps, 3);
      const decision = what === "a refund" ? refund : fromStock(productId);
      const doomed = dying(death);
      const ended = await decide(doomed.deps, seen.orderId, decision, anna).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Crashed) return false;
          throw error;
        },
      );
      const again = await decide(ground.deps, seen.orderId, decision, ben);
      expect(again.ok || again.code === "not_in_review").toBe(true);
      await planOrder(ground.deps, seen.orderId);
      expect([death, await seen.order()]).toMatchObject([death, { state, refunded }]);
      expect(await ground.wrongWith(seen, productId)).toEqual([]);
      if (ended) break;
      calls += 1;
    }
    expect(calls).toBeGreaterThan(8);
  });

  /** The same use cases in a process that dies after its k-th call to a table. */
  function dying(call: number): { deps: Everything["deps"] } {
    const calls = new Calls();
    const mortal = everythingOn(ground.engine, { clock: ground.clock }).deps;
    calls.watch(mortal.db);
    calls.crash(call, "after");
    return { deps: { ...ground.deps, db: mortal.db } };
  }
});
