import { expect, test } from "vitest";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { followNews } from "../../../shared/orders/follow-payment.ts";
import { processNotification } from "../../../shared/orders/process-notification.ts";
import type { Payment } from "../../../shared/payments/model.ts";
import { readNotification } from "../../../shared/payments/notifications.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import { follow, now, PROVIDER, waitingOrder, withPayments } from "../../support/payments/checkout-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// News of whether an order is paid is acted on before it is acknowledged. The queue gets what could not be done at once, and all else.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator } = paying;
const left: string[] = [];
const receiving = {
  ...ground.deps,
  ...deps,
  paymentQueueUrl: "payments",
  sealBody: ground.deps.sealRecipient,
  follow: (payment: Payment) => followNews(deps, payment),
  onLeft: (paymentId: string) => left.push(paymentId),
};

/** What the provider sends about a payment, and what we have kept of it. */
function news({ id }: Payment) {
  const { body, headers } = simulator.notification(id);
  const eventId = headers["webhook-id"] ?? "";
  const queued = () => ground.messages.filter(({ MessageBody }) => MessageBody.includes(id));
  return {
    named: { provider: PROVIDER, eventId },
    hear: () => receiveNotification(receiving, PROVIDER, body, headers),
    kept: async () => [await readNotification(deps, PROVIDER, eventId), ...queued()].filter((one) => one !== undefined),
  };
}

test("an order is sold before the news of its payment is acknowledged, and nothing is kept or queued; a repeat asks nobody", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  simulator.pay(payment.id);
  const { hear, kept } = news(payment);
  expect(await hear()).toMatchObject({ kind: "followed", payment: { state: "succeeded", counted: true } });
  expect((await now(deps, order.id)).order).toMatchObject({
    state: "fulfilled",
    fundedBy: expect.arrayContaining([payment.id]) as string[],
  });
  expect(await kept()).toEqual([]);
  simulator.setDown(true);
  expect(await hear()).toMatchObject({ kind: "followed", payment: { state: "succeeded" } });
  simulator.setDown(false);
  expect(await kept()).toEqual([]);
});

test("two of the same at once sell it once", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  simulator.pay(payment.id);
  const { hear } = news(payment);
  await Promise.all([hear(), hear()]);
  expect((await now(deps, order.id)).order).toMatchObject({
    state: "fulfilled",
    fundedBy: expect.arrayContaining([payment.id]) as string[],
  });
});

test("a provider that can't be asked at this moment is asked by the queue; the news is kept until then", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  simulator.pay(payment.id);
  const { hear, kept, named } = news(payment);
  simulator.setDown(true);
  expect(await hear()).toMatchObject({ kind: "stored" });
  simulator.setDown(false);
  expect(left).toContain(payment.id);
  expect(await kept()).toHaveLength(2);
  expect((await now(deps, order.id)).order.state).toBe("awaiting_payment");
  expect(await processNotification(deps, payment.id, named)).toMatchObject({ state: "succeeded" });
  expect((await now(deps, order.id)).order.state).toBe("fulfilled");
});

test("news that the provider does not confirm moves nothing; the payment is still asked about when it is due", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  expect(await news(payment).hear()).toMatchObject({ kind: "followed", payment: { state: "pending" } });
  const waiting = await now(deps, order.id);
  expect(waiting.order.state).toBe("awaiting_payment");
  expect(waiting.payment.dueAt).toBeDefined();
});

test("what may be about a refund goes by the queue, which acts on each event once", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1 });
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  await follow(deps, payment.id, "due");
  const { hear, kept, named } = news(payment);
  expect(await hear()).toMatchObject({ kind: "stored" });
  expect(await kept()).toHaveLength(2);
  expect(await processNotification(deps, payment.id, named)).toMatchObject({ state: "succeeded" });
  expect(await processNotification(deps, payment.id, named)).toBeUndefined();
});
