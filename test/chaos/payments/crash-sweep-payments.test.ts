import { expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { openCheckout } from "../../../shared/orders/checkout.ts";
import { followNews, followPayment } from "../../../shared/orders/follow-payment.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { settleRefund } from "../../../shared/orders/see-to-refund.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { orderPaymentId, type Payment } from "../../../shared/payments/model.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import { type DecideDeps } from "../../../shared/review/decide.ts";
import { OrderRefund } from "../../../shared/review/decision.ts";
import { refundOrder } from "../../../shared/review/refund-order.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { moments } from "../../support/faults/crash.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, type Market, openMarket, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { wrongPayments } from "../../support/payments/paid-audit.ts";
import { anna } from "../../support/review/review-ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Outside payments: whatever call dies of beginning, taking, returning and refunding one, what was paid is delivered or given back, once.

const { alive, crashEverywhere } = await ownGround();
const { simulator, deps: paying } = await withPayments(alive);
const on = (deps: Domain) => ({ ...paying, ...deps });

type Scene = { market: Market; key: string; orderId: string; paymentId: string };

async function stage(stock = 4): Promise<Scene> {
  const market = await openMarket(alive, { stock, money: 1000, retail: 137 });
  const key = newId("req");
  const orderId = orderIdFor(market.channelId, key);
  return { market, key, orderId, paymentId: orderPaymentId(orderId, 1, 1) };
}

const begin =
  ({ market, key }: Scene) =>
  async (deps: Domain): Promise<void> => {
    const request: NewOrder = {
      lines: [{ productId: market.productId, quantity: 2 }],
      payment: { method: "checkout", provider: PROVIDER, flow: "page" },
    };
    const placed = await placeOrder(deps, market.channelId, key, request, {});
    if (placed.ok) await openCheckout(on(deps), placed.value);
  };
const look =
  ({ paymentId }: Scene) =>
  (deps: Domain) =>
    followPayment(on(deps), paymentId, "changed");
const late = (deps: Domain): Domain => ({
  ...deps,
  // The payment is not closed yet, so the codes are kept some minutes longer.
  clock: () => new Date(Date.now() + (LIMITS.unpaidSeconds + LIMITS.unknownPaymentSeconds + 1) * 1000),
});

/** Ends the time of this scene's order. To end all orders that are overdue would disturb the scenes beside it. */
async function expire({ orderId }: Scene): Promise<void> {
  const order = await readOrder(alive, orderId);
  if (order !== undefined) await advance(late(alive), order);
}

/** What the queue and the schedule do when nobody disturbs them, and what must be true then. */
async function expectAllInOrder(scene: Scene, state: Order["state"]): Promise<void> {
  const { productId, channelId } = scene.market;
  for (let again = 0; again < 3; again++) await look(scene)(alive);
  await settleMoney(alive, scene.orderId);
  await sweepUntilQuiet(alive, productId);
  const order = await readOrder(alive, scene.orderId);
  expect(order?.state).toBe(state);
  const scope = { products: [productId], channels: [channelId], orders: [scene.orderId] };
  expect([
    ...(await violations(alive, scope)),
    ...(await wrongPayments(alive, simulator, order === undefined ? [] : [order])),
  ]).toEqual([]);
}

test("beginning a payment: asked again it is begun once, and what is paid is delivered", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await doomed.run(begin(scene));
    await begin(scene)(alive);
    simulator.pay(scene.paymentId);
    await expectAllInOrder(scene, "fulfilled");
  }, moments);
  expect(calls).toBeGreaterThanOrEqual(9);
});

test("taking what was paid: the next look delivers it, once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await begin(scene)(alive);
    simulator.pay(scene.paymentId);
    await doomed.run(look(scene));
    await expectAllInOrder(scene, "fulfilled");
  });
  expect(calls).toBeGreaterThanOrEqual(8);
});

test("hearing of what was paid: the provider tells again until it is answered, and it is delivered, once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await begin(scene)(alive);
    simulator.pay(scene.paymentId);
    const { body, headers } = simulator.notification(scene.paymentId);
    const hear = (deps: Domain) => {
      const queue = { sqs: { send: () => Promise.resolve({}) } as never, paymentQueueUrl: "payments" };
      const follow = (payment: Payment) => followNews(on(deps), payment);
      return receiveNotification(
        { ...on(deps), ...queue, sealBody: deps.sealRecipient, follow },
        PROVIDER,
        body,
        headers,
      );
    };
    await doomed.run(hear);
    await hear(alive);
    await expectAllInOrder(scene, "fulfilled");
  }, moments);
  expect(calls).toBeGreaterThanOrEqual(6);
});

test("taking what was paid too late: it is delivered with other codes", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await begin(scene)(alive);
    await expire(scene);
    simulator.pay(scene.paymentId);
    await doomed.run(look(scene));
    await expectAllInOrder(scene, "fulfilled");
  });
  expect(calls).toBeGreaterThanOrEqual(6);
});

test("taking what was paid too late when the codes are gone: all of it goes back", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage(2);
    await begin(scene)(alive);
    await expire(scene);
    const lines = [{ productId: scene.market.productId, quantity: 1 }];
    const other = valueOf(await buy(alive, scene.market.channelId, newId("req"), lines));
    await settleMoney(alive, other.order.id);
    simulator.pay(scene.paymentId);
    await doomed.run(look(scene));
    await expectAllInOrder(scene, "refunded");
  });
  expect(calls).toBeGreaterThanOrEqual(6);
});

test("returning what was paid for a cancelled order: it goes back once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await begin(scene)(alive);
    await cancelOrder(alive, scene.market.channelId, scene.orderId);
    simulator.pay(scene.paymentId);
    await doomed.run(look(scene));
    await expectAllInOrder(scene, "cancelled");
  });
  expect(calls).toBeGreaterThanOrEqual(6);
});

test("cancelling what was sold: the money goes back to who paid it, once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await begin(scene)(alive);
    simulator.pay(scene.paymentId);
    await look(scene)(alive);
    await doomed.run(async (deps) => {
      await cancelOrder(deps, scene.market.channelId, scene.orderId);
      await look(scene)(deps);
    });
    await cancelOrder(alive, scene.market.channelId, scene.orderId);
    await expectAllInOrder(scene, "cancelled");
  });
  expect(calls).toBeGreaterThanOrEqual(6);
});

/** A refund of one of two delivered pieces, by an operator whose run is repeated with its key. */
const giveBack =
  ({ orderId, key }: Scene) =>
  (deps: Domain) =>
    refundOrder({ ...unused, ...on(deps) }, orderId, OrderRefund.parse({ pieces: 1, reason: "r" }), {
      ...anna,
      cause: key,
    });
/** Nothing was bought from a supplier, and no run waits: nobody needs these. */
const unused = {} as DecideDeps;

async function delivered(): Promise<Scene> {
  const scene = await stage();
  await begin(scene)(alive);
  simulator.pay(scene.paymentId);
  await look(scene)(alive);
  return scene;
}

test("refunding a piece of what was delivered: repeated with its key it goes back once, and its code is void or for sale", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await delivered();
    await doomed.run(async (deps) => {
      valueOf(await giveBack(scene)(deps));
      await look(scene)(deps);
    });
    const { order } = valueOf(await giveBack(scene)(alive));
    expect(order).toMatchObject({ refundedAt: [expect.any(String)], lines: [{ back: { pieces: 1 } }] });
    await expectAllInOrder(scene, "fulfilled");
  });
  expect(calls).toBeGreaterThanOrEqual(10);
});

test("a refund that comes to nothing, and is paid in another way: its order waits for a person until then, and it is booked once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await delivered();
    valueOf(await giveBack(scene)(alive));
    await look(scene)(alive);
    const [made] = simulator.refunds(scene.paymentId);
    const refundId = made?.reference ?? "";
    simulator.turnRefund(scene.paymentId, refundId, "failed");
    const hear = (deps: Domain) => followPayment(on(deps), scene.paymentId, "news", refundId);
    const settle = async (deps: Domain) => valueOf(await settleRefund(on(deps), scene.paymentId, refundId));
    await doomed.run(async (deps) => {
      await hear(deps);
      await settle(deps);
    });
    await hear(alive);
    await settle(alive);
    const after = await readOrder(alive, scene.orderId);
    expect([after?.review, after?.stuck]).toEqual([undefined, undefined]);
    await expectAllInOrder(scene, "fulfilled");
  });
  expect(calls).toBeGreaterThanOrEqual(8);
});
