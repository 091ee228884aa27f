import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { crashEverywhere, moments } from "../../support/faults/crash.ts";
import { violations } from "../../support/orders/invariants.ts";
import {
  buy,
  openMarket,
  orderOf,
  retire,
  secretsOf,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { eventually } from "../../support/orders/shop.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { openTopups, type Topups } from "../../support/suppliers/topups.ts";

// A code and a top-up in one order: the code is sold inline, the deployed workflow buys the top-up from the supplier.

const alive = domain();
const MONEY = 10_000;
let topups: Topups;

beforeAll(async () => {
  topups = await openTopups(deployedStack());
});
afterAll(() => topups.simulator.stop());

type Scene = { productId: string; channelId: string; key: string; lines: NewOrder["lines"] };

async function stage(): Promise<Scene> {
  const { productId, channelId } = await openMarket(alive, { stock: 3, money: MONEY });
  const account = magicAccount("success");
  const lines = [
    { productId, quantity: 1 },
    { productId: topups.productId, quantity: 1, recipient: { account } },
  ];
  return { productId, channelId, key: newId("req"), lines };
}

/** Waits for the deployed workflow, for all scenes at once, and then looks at each. */
async function expectAllInOrder(scenes: readonly Scene[]): Promise<{ fulfilled: number; absent: number }> {
  const ends = { fulfilled: 0, absent: 0 };
  for (const { productId, channelId, key } of scenes) {
    const orderId = orderIdFor(channelId, key);
    const state = await eventually(async () => {
      const order = await orderOf(alive, channelId, key);
      if (order === undefined) return "absent";
      return order.state === "fulfilled" ? order.state : undefined;
    }, `order ${orderId} fulfilled`);
    ends[state] += 1;
    await sweepUntilQuiet(alive, productId);
    await settleMoney(alive, orderId);
    expect(await violations(alive, { products: [productId], channels: [channelId], orders: [orderId] })).toEqual([]);
    const deliveries = topups.simulator.orders().filter(({ reference }) => reference.startsWith(orderId));
    expect(deliveries.map((delivery) => delivery.deliveries)).toEqual(state === "fulfilled" ? [1] : []);
    await retire(alive, productId);
  }
  return ends;
}

test("a code and a top-up: dead at any call, asked again with the same key, both are delivered once", async () => {
  const scenes: Scene[] = [];
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    const { channelId, key, lines } = scene;
    await doomed.run((deps) => buy(deps, channelId, key, lines));
    const first = await buy(alive, channelId, key, lines);
    const second = await buy(alive, channelId, key, lines);
    const [one, two] = [first, second].map((bought) => (bought.ok ? secretsOf(bought.value.goods) : bought.code));
    expect(one).toHaveLength(1);
    expect(two).toEqual(one);
    scenes.push(scene);
  });
  expect(calls).toBeGreaterThanOrEqual(10);
  expect(await expectAllInOrder(scenes)).toEqual({ fulfilled: scenes.length, absent: 0 });
});

test("a paid order never reaches the supplier: not when its process dies at any call and nobody asks again", async () => {
  const scenes: Scene[] = [];
  await crashEverywhere(
    async (doomed) => {
      const scene = await stage();
      await doomed.run((deps) => buy(deps, scene.channelId, scene.key, scene.lines));
      scenes.push(scene);
    },
    moments,
    "calls",
  );
  // The deployed stream and watch are all the help there is.
  const { fulfilled, absent } = await expectAllInOrder(scenes);
  expect(fulfilled).toBeGreaterThan(4);
  expect(absent).toBeGreaterThan(2);
});
