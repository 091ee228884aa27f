import { afterAll, beforeAll, expect, test } from "vitest";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { processCallback } from "../../../shared/fulfilment/process-callback.ts";
import { receiveCallback } from "../../../shared/fulfilment/receive-callback.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { type Everything } from "../../support/engine/on-second-engine.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { crashEach, type Doomed, moments } from "../../support/faults/crash.ts";
import { fastClock, fulfil } from "../../support/fulfilment/fulfil.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, giveMoney, secretsOf, settleMoney } from "../../support/orders/market.ts";
import { eventually } from "../../support/orders/shop.ts";
import {
  boughtProduct,
  deliveredBy,
  known,
  type Simulated,
  simulated,
  sourceOf,
} from "../../support/suppliers/sources.ts";
import { orderUpdated, sign } from "../../support/suppliers/supplier-callbacks.ts";
import { magicProduct } from "../../support/suppliers/supplier-magic.ts";

// A process that dies before or after each of its calls while it buys from suppliers: then another one finishes. Every need
// is bought once, what the supplier handed over is what the buyer gets, and no reference is used for two things.

const SPEED = 50;

const { ground, born } = await ownEverything({ clock: fastClock(SPEED) });
let first: Simulated;
let second: Simulated;
beforeAll(async () => {
  [first, second] = await Promise.all([simulated(), simulated()]);
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
});

type Deps = Everything["deps"];
type Scene = { orderId: string; supplierId: string; channelId: string };

/** A paid order for codes of which the first supplier behaves like this; the second has as many as one likes. */
async function paidOrder(behaviour: string, quantity: number): Promise<Scene> {
  const { deps } = ground;
  const settings = { answerWithinSeconds: 60 };
  const [one, other] = await Promise.all([known(deps, first, settings), known(deps, second, settings)]);
  const productId = await boughtProduct(deps, "code", [
    sourceOf(one, behaviour),
    sourceOf(other, magicProduct("success")),
  ]);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 1000);
  const bought = await buy(deps, channelId, "key", [{ productId, quantity }], "keep sealed");
  if (!bought.ok) throw new Error(bought.detail);
  return { orderId: bought.value.order.id, channelId, supplierId: one.supplierId };
}

async function expectBoughtOnce({ orderId, channelId }: Scene, quantity: number): Promise<void> {
  const { deps } = ground;
  expect(await fulfil(deps, orderId, SPEED)).toBe("done");
  const order = (await readOrder(deps, orderId)) as Order;
  expect(order.state).toBe("fulfilled");
  const [one, other] = [deliveredBy(first, orderId), deliveredBy(second, orderId)];
  expect(one.pieces + other.pieces).toBe(quantity);
  const goods = await revealGoods(deps, order, { keyId: "k", sourceIp: "192.0.2.1", requestId: "r" });
  expect(goods.ok && secretsOf(goods.value).sort()).toEqual([...one.codes, ...other.codes].sort());
  await settleMoney(deps, orderId);
  expect(await violations(deps, { products: [], channels: [channelId], orders: [orderId] })).toEqual([]);
}

/** Plays the path once for each of its calls and both moments, and each time lets the living finish. Gives the calls. */
function sweep(quantity: number, stage: () => Promise<Scene>, path: (deps: Deps, scene: Scene) => Promise<unknown>) {
  const scene = async (doomed: Doomed<Deps>): Promise<void> => {
    const paid = await stage();
    await doomed.run((deps) => path(deps, paid));
    await expectBoughtOnce(paid, quantity);
  };
  return crashEach(born, scene, moments);
}

const buying = (deps: Deps, { orderId }: Scene): Promise<unknown> => fulfil(deps, orderId, SPEED);

test.for([
  ["it delivers at once", magicProduct("success"), 2, 6],
  ["it refuses, and the next source is asked", magicProduct("refused"), 1, 8],
  ["it delivers a part, and the next source the rest", magicProduct("partlyDone", 1), 3, 9],
  ["it accepts and is asked", magicProduct("doneWithoutCallback"), 1, 7],
  ["its answer is an error although it has delivered", magicProduct("errorButDone"), 1, 7],
] as const)(
  "bought once, whatever call the buying process dies at, when %s",
  async ([, behaviour, quantity, least]) => {
    const calls = await sweep(quantity, () => paidOrder(behaviour, quantity), buying);
    expect(calls).toBeGreaterThanOrEqual(least);
  },
);

test("bought once, whatever call the process dies at that takes the supplier's callback", async () => {
  const stage = async (): Promise<Scene> => {
    const scene = await paidOrder(magicProduct("doneWithoutCallback"), 2);
    await placeLine(ground.deps, scene.orderId);
    return scene;
  };
  const calls = await sweep(2, stage, async (deps, { orderId, supplierId }) => {
    const theirs = await eventually(async () => {
      const found = first.simulator.orders().find(({ reference }) => reference.startsWith(orderId));
      return found?.state === "fulfilled" ? found : undefined;
    }, "the supplier has delivered");
    const { body, headers } = sign(orderUpdated(theirs), first.simulator.webhookSecret, deps.clock());
    await receiveCallback(deps, supplierId, body, headers);
    expect(await processCallback(deps, supplierId, headers["webhook-id"] ?? "")).toBe("resolved");
  });
  expect(calls).toBeGreaterThanOrEqual(7);
});
