import { expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { moments } from "../../support/faults/crash.ts";
import { violations } from "../../support/orders/invariants.ts";
import { type Market, openMarket, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";

// Orders that are paid later: whatever call dies of keeping the codes, paying and giving up, no code is lost or sold twice,
// and none is kept for longer than it may be.

const { alive, crashEverywhere } = await ownGround();
const QUANTITY = 2;

type Scene = { market: Market; key: string; orderId: string };

async function stage(): Promise<Scene> {
  const market = await openMarket(alive, { stock: 8, money: 1000 });
  const key = newId("req");
  return { market, key, orderId: orderIdFor(market.channelId, key) };
}

const reserve =
  ({ market, key }: Scene) =>
  (deps: Domain) =>
    placeOrder(
      deps,
      market.channelId,
      key,
      { lines: [{ productId: market.productId, quantity: QUANTITY }], payment: { method: "deferred" } },
      {},
    );
const pay =
  ({ market, orderId }: Scene) =>
  (deps: Domain) =>
    payOrder(deps, market.channelId, orderId);
const tooLate = (deps: Domain): Domain => ({
  ...deps,
  clock: () => new Date(Date.now() + (LIMITS.unpaidSeconds + 1) * 1000),
});

async function expectAllInOrder({ market, orderId }: Scene): Promise<void> {
  const { productId, channelId } = market;
  await settleMoney(alive, orderId);
  await sweepUntilQuiet(alive, productId);
  expect(await violations(alive, { products: [productId], channels: [channelId], orders: [orderId] })).toEqual([]);
}

test("keeping the codes: asked again, they are kept once, and sold once when they are paid", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await doomed.run(reserve(scene));
    expect(await reserve(scene)(alive)).toMatchObject({ value: { state: "awaiting_payment" } });
    expect(await pay(scene)(alive)).toMatchObject({ value: { state: "fulfilled" } });
    await expectAllInOrder(scene);
  }, moments);
  expect(calls).toBeGreaterThanOrEqual(8);
});

test("keeping the codes, and never asked again: after their time they are on sale, without anybody's help", async () => {
  await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await doomed.run(reserve(scene));
    const found = await readOrder(alive, scene.orderId);
    if (found !== undefined) await advance(tooLate(alive), found);
    expect(["expired", undefined]).toContain((await readOrder(alive, scene.orderId))?.state);
    await expectAllInOrder(scene);
  });
});

test("paying: paid again, it is charged and delivered once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await reserve(scene)(alive);
    await doomed.run(pay(scene));
    expect(await pay(scene)(alive)).toMatchObject({ value: { state: "fulfilled" } });
    await expectAllInOrder(scene);
  }, moments);
  expect(calls).toBeGreaterThanOrEqual(6);
});

test("giving up: the next look finishes it, and every code is on sale again", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await reserve(scene)(alive);
    await doomed.run(async (deps) => {
      const order = await readOrder(deps, scene.orderId);
      if (order !== undefined) await advance(tooLate(deps), order);
    });
    const order = await readOrder(alive, scene.orderId);
    if (order !== undefined) await advance(tooLate(alive), order);
    expect((await readOrder(alive, scene.orderId))?.state).toBe("expired");
    expect(await expireUnpaid(alive)).toBe(0);
    await expectAllInOrder(scene);
  });
  expect(calls).toBeGreaterThanOrEqual(6);
});
