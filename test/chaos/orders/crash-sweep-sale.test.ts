import { expect, test } from "vitest";
import { countStock } from "../../../shared/inventory/count.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { buyerOf } from "../../../shared/limits/model.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { listOrders } from "../../../shared/orders/list.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { bothMoments, type Death } from "../../support/faults/crash.ts";
import { violations } from "../../support/orders/invariants.ts";
import {
  buy,
  type Market,
  openMarket,
  orderOf,
  secretsOf,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { isFullProof } from "../../support/size.ts";

// Whatever call of a sale the process dies at, before it or after it took effect: nothing is lost, doubled or stranded.

const { alive, crashEverywhere, doomed: dying } = await ownGround();
/** Enough for a dead process to sit on its tickets, and one more, while the next sells. */
const STOCK = 10;

type Lines = (market: Market) => NewOrder["lines"];
const oneCode: Lines = ({ productId }) => [{ productId, quantity: 1 }];
const cartWithSeveralLinesOfOneStock: Lines = ({ productId }) => [
  { productId, quantity: 2 },
  { productId, quantity: 1 },
];

/** One code is for a buyer who can be reached; a cart is for nobody in particular. */
const BUYER = { buyer: "anna", contact: { email: "anna@example.com", phone: "+8613800138000" } };

type Scene = {
  market: Market;
  key: string;
  lines: NewOrder["lines"];
  quantity: number;
  orderId: string;
  more: Partial<NewOrder>;
};

async function stage(lines: Lines): Promise<Scene> {
  const market = await openMarket(alive, { stock: STOCK, money: 1000 });
  const key = newId("req");
  const ordered = lines(market);
  const quantity = ordered.reduce((sum, line) => sum + line.quantity, 0);
  const more = lines === oneCode ? BUYER : {};
  return { market, key, lines: ordered, quantity, orderId: orderIdFor(market.channelId, key), more };
}

/** What every scene ends with. */
async function expectAllInOrder({ market, orderId, more }: Scene, sold: number): Promise<void> {
  const { productId, channelId } = market;
  const buyer = buyerOf(await alive.recognise(), channelId, BUYER.buyer)?.name ?? "";
  const ofBuyer = (await listOrders(alive, { buyer }, 10)).orders.map(({ id, contact }) => [
    id,
    Object.keys(contact?.fields ?? {}),
  ]);
  expect(ofBuyer).toEqual(sold > 0 && more === BUYER ? [[orderId, ["email", "phone"]]] : []);
  await sweepUntilQuiet(alive, productId);
  await settleMoney(alive, orderId);
  const wrong = await violations(alive, { products: [productId], channels: [channelId], orders: [orderId] });
  expect(wrong).toEqual([]);
  const { stock, spendable } = await leftOf(market);
  expect({ stock, spendable }).toEqual({ stock: STOCK - sold, spendable: 1000 - sold * market.price });
}

async function leftOf({ productId, channelId }: Market): Promise<{ stock: number; spendable: number | undefined }> {
  const { available: stock } = await countStock(alive, productId, new Date());
  return { stock, spendable: (await readAccount(alive, channelId, "CNY"))?.spendable };
}

async function expectTheSameAnswerTwice(scene: Scene): Promise<void> {
  const { market, quantity } = scene;
  const first = await sell(scene)(alive);
  const second = await sell(scene)(alive);
  if (!first.ok || !second.ok) throw new Error(JSON.stringify([first, second]));
  expect(first.value.order).toMatchObject({ state: "fulfilled", total: { amount: quantity * market.price } });
  const codes = secretsOf(first.value.goods);
  expect(new Set(codes).size).toBe(quantity);
  expect(market.codes).toEqual(expect.arrayContaining(codes));
  expect(secretsOf(second.value.goods)).toEqual(codes);
  expect(second.value.order.id).toBe(first.value.order.id);
}

const sell =
  ({ market, key, lines, more }: Scene) =>
  (deps: Domain) =>
    buy(deps, market.channelId, key, lines, "reveal", placeOrder, more);

for (const [what, lines, leastCalls] of [
  ["one code", oneCode, 8],
  ["a cart with several lines of one stock", cartWithSeveralLinesOfOneStock, 11],
] as const) {
  test(`${what}: dead at any call, asked again with the same key, it is sold once`, async () => {
    const calls = await crashEverywhere(async (doomed) => {
      const scene = await stage(lines);
      await doomed.run(sell(scene));
      await expectTheSameAnswerTwice(scene);
      await expectAllInOrder(scene, scene.quantity);
    }, bothMoments);
    expect(calls).toBeGreaterThanOrEqual(leastCalls);
  });

  test(`${what}: dead at any call, and the sweeper comes before the shop asks again`, async () => {
    const calls = await crashEverywhere(async (doomed) => {
      const scene = await stage(lines);
      await doomed.run(sell(scene));
      await sweepUntilQuiet(alive, scene.market.productId);
      await expectTheSameAnswerTwice(scene);
      await expectAllInOrder(scene, scene.quantity);
    });
    expect(calls).toBeGreaterThanOrEqual(leastCalls);
  });

  test(`${what}: dead at any call and never asked again, the watch finishes it or it never was`, async () => {
    const ends = { fulfilled: 0, absent: 0 };
    await crashEverywhere(
      async (doomed) => {
        const scene = await stage(lines);
        await doomed.run(sell(scene));
        const found = await orderOf(alive, scene.market.channelId, scene.key);
        const order = found && (await advance(alive, found));
        expect(order?.state ?? "absent").toBe(order === undefined ? "absent" : "fulfilled");
        ends[order === undefined ? "absent" : "fulfilled"] += 1;
        await expectAllInOrder(scene, order === undefined ? 0 : scene.quantity);
      },
      bothMoments,
      "calls",
    );
    expect(ends.fulfilled).toBeGreaterThan(4);
    expect(ends.absent).toBeGreaterThan(4);
  });
}

test("a sold code is sold again: not when its first buyer's process slept until the sweeper had sold it to another", async () => {
  await crashEverywhere(async (doomed) => {
    const market = await openMarket(alive, { stock: 1, money: 1000 });
    const { productId, channelId } = market;
    const line = [{ productId, quantity: 1 }];
    const sleeper = await doomed.run((deps) => buy(deps, channelId, "sleeper", line));
    await sweepUntilQuiet(alive, productId);
    const other = await buy(alive, channelId, "other", line);
    const again = await buy(alive, channelId, "sleeper", line);
    expect([other.ok, again.ok].filter(Boolean)).toHaveLength(1);
    expect(again.ok || !sleeper.ended).toBe(true);
    await sweepUntilQuiet(alive, productId);
    const orders = ["sleeper", "other"].map((key) => orderIdFor(channelId, key));
    await settleMoney(alive, ...orders);
    expect(await violations(alive, { products: [productId], channels: [channelId], orders })).toEqual([]);
    expect(await leftOf(market)).toEqual({ stock: 0, spendable: 900 });
  });
});

const firstDeaths: Death[] = isFullProof
  ? Array.from({ length: 16 }, (_, index) => index + 1).flatMap((call) => [
      { call, when: "before" },
      { call, when: "after" },
    ])
  : [{ call: 6, when: "after" }];

test("a cart: the process that helps a dead one dies too, at any call", async () => {
  const callsOfHelpers: number[] = [];
  for (const death of firstDeaths) {
    const calls = await crashEverywhere(async (second) => {
      const scene = await stage(cartWithSeveralLinesOfOneStock);
      await dying(death).run(sell(scene));
      await second.run(sell(scene));
      await expectTheSameAnswerTwice(scene);
      await expectAllInOrder(scene, scene.quantity);
    });
    callsOfHelpers.push(calls);
  }
  // The later the first one died, the less is left to do; the first of them died with most of the path before its helper.
  expect(Math.min(...callsOfHelpers)).toBeGreaterThan(1);
  expect(callsOfHelpers[0]).toBeGreaterThan(4);
});
