import { expect, test } from "vitest";
import { decideAnswer } from "../../../shared/disputes/answers.ts";
import { followDispute } from "../../../shared/disputes/follow.ts";
import { disputeIdFor } from "../../../shared/disputes/model.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { processNotification } from "../../../shared/orders/process-notification.ts";
import { FOR_A_PERSON } from "../../../shared/payments/model.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import { fakeBus } from "../../support/engine/fake-aws.ts";
import { otherEntries, wrongBooks } from "../../support/orders/books.ts";
import { settleMoney } from "../../support/orders/market.ts";
import { checkOut, follow, lookAt, notNow, now } from "../../support/payments/checkout-shop.ts";
import { BY_STRIPE, waitingAtStripe, withStripeShop } from "../../support/payments/stripe/stripe-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What buyers pay on Stripe's page reaches their orders once, or goes back once: as with the simulated provider, by Stripe's own words.

const ground = await sceneGround();
const paying = await withStripeShop(ground.deps);
const { deps, simulator } = paying;
const AFTER_ALL = { ...deps, clock: () => new Date(Date.now() + 2_000_000) };
const receiving = { ...deps, paymentQueueUrl: "payments", follow: notNow };

test("an order that is paid on Stripe's page is sold once, although two look at it and notices come twice and in any order", async () => {
  const { market, order, payment } = await waitingAtStripe(paying, 1);
  const { id } = simulator.session(payment.id);
  expect(payment).toMatchObject({ providerPaymentId: id, checkout: { url: `${simulator.url}/c/pay/${id}` } });
  // Whoever knows where to pay needs no more of the payer.
  expect(payment.returnUrl).toBeUndefined();
  simulator.pay(payment.id);
  const types = ["checkout.session.expired", "checkout.session.async_payment_failed", "checkout.session.completed"];
  for (const told of types.map((type) => simulator.notification(payment.id, type))) {
    const eventId = (JSON.parse(told.body) as { id: string }).id;
    for (let twice = 0; twice < 2; twice++)
      expect(await receiveNotification(receiving, "stripe", told.body, told.headers)).toMatchObject({ kind: "stored" });
    await Promise.all([
      processNotification(deps, payment.id, { provider: "stripe", eventId }),
      follow(deps, payment.id, "due"),
    ]);
  }
  const after = await now(deps, order.id);
  expect(after.order).toMatchObject({ state: "fulfilled", fundedBy: expect.arrayContaining([payment.id]) as string[] });
  expect(after.payment).toMatchObject({
    state: "succeeded",
    counted: true,
    received: { amount: 1500, currency: "CNY" },
  });
  expect(simulator.refunds(payment.id)).toEqual([]);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("a start whose answer was lost is begun once, and the buyer is told where to pay when the order is placed again", async () => {
  simulator.misbehave("post /v1/checkout/sessions", "lost");
  const { market, payment } = await waitingAtStripe(paying, 1);
  expect(payment.checkout).toBeUndefined();
  // It is asked about meanwhile, and found; what it lacks is where to pay.
  await follow({ ...deps, clock: () => new Date(Date.now() + 60_000) }, payment.id, "due");
  const again = await checkOut(paying, market, "order", { payment: BY_STRIPE });
  expect(again.payment).toMatchObject({
    id: payment.id,
    state: "pending",
    checkout: { url: expect.any(String) as string },
  });
  expect(simulator.sessionsOf(payment.id)).toHaveLength(1);
});

test("at the end of the hold the session is ended, long before Stripe would; what is paid late is sold, or goes back", async () => {
  const { order, payment } = await waitingAtStripe(paying, 1);
  await lookAt(AFTER_ALL, order);
  await follow(AFTER_ALL, payment.id, "due");
  expect([simulator.session(payment.id).status, (await now(deps, order.id)).payment.state]).toEqual([
    "expired",
    "closed",
  ]);
  expect(simulator.session(payment.id).expiresAt * 1000).toBeGreaterThan(Date.now() + 30 * 60_000);
  simulator.payAllTheSame(payment.id);
  await follow(deps, payment.id, "news");
  expect((await now(deps, order.id)).order.state).toBe("fulfilled");
});

test("a refund that had arrived and that a bank sends back weeks later is booked back, and waits for a person", async () => {
  const { market, order, payment } = await waitingAtStripe(paying, 1);
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  simulator.payAllTheSame(payment.id);
  await follow(deps, payment.id, "news");
  const [refund] = Object.values((await now(deps, order.id)).payment.refunds);
  expect(refund).toMatchObject({ state: "refunded", amount: 1500 });
  // Stripe can't say now: the message comes again.
  simulator.endRefund(payment.id, "failed");
  simulator.misbehave("get /v1/refunds", "page");
  await expect(follow(deps, payment.id, "news")).rejects.toThrow("http_502");
  let alarms = 0;
  const alarming = { ...deps, onRefundRefused: () => (alarms += 1) };
  await Promise.all([follow(alarming, payment.id, "news"), follow(alarming, payment.id, "news")]);
  await follow(alarming, payment.id, "news");
  const after = (await now(deps, order.id)).payment;
  expect(after.refunds[refund?.id ?? ""]).toMatchObject({ state: "refused", reason: "refund_failed" });
  expect([after.dueAt, alarms]).toEqual([FOR_A_PERSON, 1]);
  const names = (await otherEntries(deps)).map(({ name }) => name).filter((name) => name.endsWith(refund?.id ?? "-"));
  expect(names.toSorted()).toEqual([`bounce:${refund?.id}`, `repayment:${refund?.id}`]);
});

test("a dispute at Stripe is told of by its own notice, has our evidence once, and is over when the bank has decided", async () => {
  const { order, payment } = await waitingAtStripe(paying, 1);
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  await settleMoney(deps, order.id);
  const { id: disputeId } = simulator.dispute(payment.id, { reason: "product_not_received" });
  const told = simulator.notification(payment.id, "charge.dispute.created");
  expect(await receiveNotification(receiving, "stripe", told.body, told.headers)).toMatchObject({ kind: "stored" });
  const disputing = { ...receiving, events: fakeBus().events, eventBusName: "bus" };
  const hear = () => followDispute(disputing, { provider: "stripe", disputeId }, true);
  expect(await hear()).toMatchObject({ state: "opened", paymentId: payment.id, amount: { amount: 1500 } });
  valueOf(await decideAnswer(disputing, disputeIdFor("stripe", disputeId), "evidence", "person"));
  await Promise.all([hear(), hear()]);
  expect(await hear()).toMatchObject({ state: "answered", isAnswered: true });
  expect(simulator.session(payment.id).disputes).toMatchObject([{ submissions: 1 }]);
  simulator.decideDispute(payment.id, "won");
  expect(await hear()).toMatchObject({ state: "won", funds: { taken: 1500, givenBack: 1500 } });
});
