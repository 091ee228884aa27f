import { expect, test } from "vitest";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { voidCode } from "../../../shared/inventory/find-code.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { moments } from "../../support/faults/crash.ts";
import { before, meanwhile } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, type Market, openMarket, putOnSale, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";

// Orders whose codes are cut off as whole runs: whatever call dies of cutting, selling, replacing and giving back, the next
// worker ends it, and no code is lost, doubled or stranded. What may become less is sold in this way however few it is, which
// keeps the paths short enough to die at every call of them.

const { alive, crashEverywhere } = await ownGround();
/** In two runs: three of the one, two of the other. */
const QUANTITY = 5;
const STOCK = 8;
const MONEY = 1000;
/** Calls of a path at least. */
const PATH = 6;
const PRICE = 100;

type Scene = { market: Market; money: number; key: string; orderId: string };

async function stage(money = MONEY): Promise<Scene> {
  const market = await openMarket(alive, { stock: 3, money });
  const codes = makeCodes(STOCK - 3);
  await putOnSale(alive, market.productId, codes);
  const key = newId("req");
  return {
    market: { ...market, codes: [...market.codes, ...codes] },
    money,
    key,
    orderId: orderIdFor(market.channelId, key),
  };
}

const place =
  ({ market, key }: Scene, method: "balance" | "deferred" = "balance") =>
  (deps: Domain) =>
    placeOrder(
      deps,
      market.channelId,
      key,
      { lines: [{ productId: market.productId, quantity: QUANTITY }], payment: { method }, acceptLess: true },
      {},
    );
/** The workflow, as far as it concerns us: it plans until there is nothing left to plan. */
const work =
  ({ orderId }: Scene) =>
  async (deps: Domain): Promise<void> => {
    while ((await planOrder(deps, orderId)).step === "plan");
  };
const cancel =
  ({ market, orderId }: Scene) =>
  (deps: Domain) =>
    cancelOrder(deps, market.channelId, orderId);
const stateOf = async ({ orderId }: Scene): Promise<string | undefined> => (await readOrder(alive, orderId))?.state;
const tooLate = (deps: Domain): Domain => ({
  ...deps,
  clock: () => new Date(Date.now() + (LIMITS.unpaidSeconds + 1) * 1000),
});

async function expectAllInOrder({ market, money, orderId }: Scene, sold: number): Promise<void> {
  const { productId, channelId } = market;
  await settleMoney(alive, orderId);
  await sweepUntilQuiet(alive, productId);
  expect(await violations(alive, { products: [productId], channels: [channelId], orders: [orderId] })).toEqual([]);
  expect(await countStock(alive, productId, new Date())).toMatchObject({ sold, held: 0 });
  expect((await readAccount(alive, channelId, "CNY"))?.spendable).toBe(money - sold * PRICE);
}

test("placing: asked again, its codes are cut off once, and sold once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await doomed.run(place(scene));
    expect(await place(scene)(alive)).toMatchObject({ value: { state: "fulfilling" } });
    await work(scene)(alive);
    expect(await stateOf(scene)).toBe("fulfilled");
    await expectAllInOrder(scene, QUANTITY);
  }, moments);
  expect(calls).toBeGreaterThanOrEqual(8);
});

test("placing, and never asked again: whoever looks at it sells it, or there is no such order and nothing was cut", async () => {
  await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await doomed.run(place(scene));
    if ((await stateOf(scene)) !== undefined) await work(scene)(alive);
    const state = await stateOf(scene);
    expect([undefined, "fulfilled"]).toContain(state);
    await expectAllInOrder(scene, state === undefined ? 0 : QUANTITY);
  }, moments);
});

test("selling: the next worker goes on, and each code is sold once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await place(scene)(alive);
    await doomed.run(work(scene));
    await work(scene)(alive);
    expect(await stateOf(scene)).toBe("fulfilled");
    await expectAllInOrder(scene, QUANTITY);
  }, moments);
  expect(calls).toBeGreaterThanOrEqual(PATH);
});

test("replacing what was voided meanwhile: others are cut off once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    const { productId, codes } = scene.market;
    await place(scene)(alive);
    for (const secret of [codes[0] ?? "", codes[1] ?? ""]) await voidCode(alive, productId, { secret });
    await doomed.run(work(scene));
    await work(scene)(alive);
    expect(await stateOf(scene)).toBe("fulfilled");
    await expectAllInOrder(scene, QUANTITY);
  });
  expect(calls).toBeGreaterThanOrEqual(PATH);
});

test("with nothing to replace them: the difference goes back once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    const { productId, codes } = scene.market;
    await place(scene)(alive);
    for (const secret of codes.slice(1)) await voidCode(alive, productId, { secret });
    await doomed.run(work(scene));
    await work(scene)(alive);
    expect(await stateOf(scene)).toBe("partly_fulfilled");
    await expectAllInOrder(scene, 1);
  });
  expect(calls).toBeGreaterThanOrEqual(PATH);
});

test("cancelling while it is sold: asked again, all is back", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await place(scene)(alive);
    await planOrder(alive, scene.orderId);
    await doomed.run(cancel(scene));
    expect(await cancel(scene)(alive)).toMatchObject({ ok: true });
    await work(scene)(alive);
    expect(await stateOf(scene)).toBe("cancelled");
    await expectAllInOrder(scene, 0);
  });
  expect(calls).toBeGreaterThanOrEqual(PATH);
});

test("cancelling what was sold: the run that follows gives everything back, whoever died of it", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await place(scene)(alive);
    await work(scene)(alive);
    await doomed.run(async (deps) => {
      await cancel(scene)(deps);
      await work(scene)(deps);
    });
    // Who died before the first write has cancelled nothing.
    await cancel(scene)(alive);
    await work(scene)(alive);
    expect(await stateOf(scene)).toBe("cancelled");
    await expectAllInOrder(scene, 0);
  });
  expect(calls).toBeGreaterThanOrEqual(PATH);
});

test("refusing for want of money: asked again it is refused, and nothing tells that the stock was cut", async () => {
  await crashEverywhere(async (doomed) => {
    const scene = await stage(QUANTITY * PRICE);
    const { productId, channelId } = scene.market;
    // Somebody spends it between the look at the account and the charge.
    const spend = () => buy(alive, channelId, "first", [{ productId, quantity: 1 }]);
    await doomed.run((deps) => place(scene)(meanwhile(deps, before.theDebit, spend)));
    await spend();
    expect(await place(scene)(alive)).toMatchObject({ code: "insufficient_funds" });
    await settleMoney(alive, orderIdFor(channelId, "first"));
    await expectAllInOrder(scene, 1);
  });
});

test("giving up what was never paid: the next look finishes it", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await place(scene, "deferred")(alive);
    await doomed.run(async (deps) => work(scene)(tooLate(deps)));
    await work(scene)(tooLate(alive));
    expect(await stateOf(scene)).toBe("expired");
    await expectAllInOrder(scene, 0);
  });
  expect(calls).toBeGreaterThanOrEqual(4);
});
