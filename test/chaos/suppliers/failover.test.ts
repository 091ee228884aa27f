import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { knownSuppliers } from "../../../shared/suppliers/health.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { fastClock, fulfil } from "../../support/fulfilment/fulfil.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, giveMoney, secretsOf, settleMoney } from "../../support/orders/market.ts";
import { lanesFor } from "../../support/orders/storm.ts";
import { sized } from "../../support/size.ts";
import {
  boughtProduct,
  deliveredBy,
  type SimulatedSource,
  simulatedSource,
  sourceOf,
} from "../../support/suppliers/sources.ts";
import { magicAccount, magicProduct } from "../../support/suppliers/supplier-magic.ts";

// The first of two suppliers dies in the middle of the day, and comes back. Its time runs ten times as fast as ours.

const SPEED = 10;
const ORDERS = sized("failoverOrders");
const BUYERS_AT_ONCE = 8;
/** It dies before the first of these orders, and is back before the second. */
const [DIES, RETURNS] = [0.3, 0.6].map((share) => Math.round(share * ORDERS)) as [number, number];

const { ground } = await ownEverything({ clock: fastClock(SPEED) });
let first: SimulatedSource;
let second: SimulatedSource;
beforeAll(async () => {
  const patient = { answerWithinSeconds: 36_000, timeoutMs: 10_000 };
  [first, second] = await Promise.all([simulatedSource(ground.deps, patient), simulatedSource(ground.deps, patient)]);
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
});

type Sold = { orderId: string; seconds: number };

test(`one supplier dies in the middle of ${ORDERS} orders: the other takes over, none is lost, none is bought twice, and it is used again when it returns`, async () => {
  const { deps } = ground;
  const sources = (supplierProductId: string) => [first, second].map((source) => sourceOf(source, supplierProductId));
  const topups = await boughtProduct(deps, "topup", sources("prod_phone_50"));
  const codes = await boughtProduct(deps, "code", sources(magicProduct("success")));
  const channelId = newId("chan");
  await setLanes(deps, { channelId, currency: "CNY" }, lanesFor(ORDERS + 1));
  await giveMoney(deps, channelId, (ORDERS + 1) * 100);

  async function sell(number: number): Promise<Sold> {
    const recipient = { account: magicAccount("success") };
    const line = number % 2 === 0 ? { productId: codes, quantity: 1 } : { productId: topups, quantity: 1, recipient };
    const paidAt = deps.clock().getTime();
    const bought = await buy(deps, channelId, `order ${number}`, [line], "keep sealed");
    if (!bought.ok) throw new Error(bought.detail);
    const orderId = bought.value.order.id;
    expect(await fulfil(deps, orderId, SPEED)).toBe("done");
    return { orderId, seconds: (deps.clock().getTime() - paidAt) / 1000 };
  }

  const selling: Promise<Sold>[] = [];
  const metTheDead = new Map<string, () => void>();
  /** Sells these orders, until each is done or waits for the dead supplier: such an order keeps no buyer waiting. */
  async function sellAll(from: number, to: number): Promise<void> {
    const numbers = Array.from({ length: to - from }, (_, index) => from + index);
    const buyer = async (): Promise<void> => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        const orderId = orderIdFor(channelId, `order ${number}`);
        const hasMetTheDead = new Promise<void>((resolve) => metTheDead.set(orderId, resolve));
        const sale = sell(number);
        selling.push(sale);
        await Promise.race([sale, hasMetTheDead]);
      }
    };
    await Promise.all(Array.from({ length: BUYERS_AT_ONCE }, buyer));
  }
  await sellAll(0, DIES);
  const diedAt = deps.clock().getTime();
  first.gate.trouble(({ reference }) => {
    metTheDead.get(reference.split("-")[0] ?? "")?.(); // a reference begins with its order
    return "down";
  });
  await sellAll(DIES, RETURNS);
  const probes = Math.ceil((deps.clock().getTime() - diedAt) / 1000 / LIMITS.probePauseSeconds);
  first.gate.trouble(() => undefined);
  await sellAll(RETURNS, ORDERS);
  const sold = await Promise.all(selling);

  const orderIds = sold.map(({ orderId }) => orderId);
  await settleMoney(deps, ...orderIds);
  expect(await violations(deps, { products: [], channels: [channelId], orders: orderIds })).toEqual([]);
  const failedOver: number[] = [];
  const inDoubt: number[] = [];
  for (const { orderId, seconds } of sold) {
    const [one, other] = [deliveredBy(first, orderId), deliveredBy(second, orderId)];
    expect([one.pieces + other.pieces, orderId]).toEqual([1, orderId]);
    const order = (await readOrder(deps, orderId)) as Order;
    if (other.pieces > 0) failedOver.push(seconds);
    else if ((order.lines[0]?.attempt?.asked ?? 0) > 0) inDoubt.push(seconds);
    const goods = await revealGoods(deps, order, { keyId: "k", sourceIp: "192.0.2.1", requestId: "r" });
    expect(goods.ok ? secretsOf(goods.value) : goods).toEqual([...one.codes, ...other.codes]);
  }
  const { health } = (await knownSuppliers(deps, [first.supplierId])).get(first.supplierId) ?? {};
  expect(health?.state).toBe("well");
  // On a quick machine all the others were sold before it was known to be well. So one more is sold now.
  const { orderId: afterReturn } = await sell(ORDERS);
  expect([deliveredBy(first, afterReturn).pieces, deliveredBy(second, afterReturn).pieces]).toEqual([1, 0]);
  // Before it was known to be sick, some were in doubt, and so is each probe: those wait for its answer, for the other would sell them twice.
  expect(inDoubt.length).toBeLessThanOrEqual(LIMITS.failuresToSick + 2 * BUYERS_AT_ONCE + probes);
  expect(failedOver.length).toBeGreaterThanOrEqual(RETURNS - DIES - inDoubt.length);
  const [usual, longest] = [median(failedOver), Math.max(...failedOver)];
  process.stdout.write(
    [
      `failover: ${ORDERS} orders, the first supplier dead for ${RETURNS - DIES} of them, and left alone a while longer:`,
      `${failedOver.length} went to the second, ${usual.toFixed(1)} s from payment to delivery (longest ${longest.toFixed(1)} s); ${inDoubt.length} that it may`,
      `have had waited for its answer, ${median(inDoubt).toFixed(1)} s; after its return it sold again\n`,
    ].join(" "),
  );
});

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
