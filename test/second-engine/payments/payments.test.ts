import { expect, test } from "vitest";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { otherBooks } from "../../../shared/ledger/verify.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { followEarlier, openCheckout, paymentWrites } from "../../../shared/orders/checkout.ts";
import { beginPayment, payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { processNotification } from "../../../shared/orders/process-notification.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { moveOrder } from "../../../shared/orders/table.ts";
import { carePayments, waitingPayments } from "../../../shared/payments/due.ts";
import { orderPaymentId, type Payment } from "../../../shared/payments/model.ts";
import { movePayment, readPayment } from "../../../shared/payments/payments.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import { listProviders } from "../../../shared/payments/set-provider.ts";
import { otherEntries, wrongBooks } from "../../support/orders/books.ts";
import { buy, giveMoney, openMarket, settleMoney } from "../../support/orders/market.ts";
import {
  checkOut,
  follow,
  lookAt,
  notNow,
  now,
  PROVIDER,
  waitingOrder,
  withPayments,
} from "../../support/payments/checkout-shop.ts";
import { AMOUNTS } from "../../support/payments/payment-simulator.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What buyers pay at a provider reaches their orders once, or goes back once, whenever it comes.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator } = paying;
const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
const AFTER_ALL = later(2_000);

/** What our books say of accounts that are not a channel's. */
async function owed(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { legs } of await otherEntries(deps))
    for (const { account, amount } of legs) sums[account] = (sums[account] ?? 0) + amount;
  return sums;
}
const refundsOf = ({ id }: Payment) => simulator.refunds(id).map(({ amount, state }) => [amount, state]);

test("an order that its buyer pays waits with its codes, says where to pay, and is sold when the provider says that it was paid", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1 });
  expect(order).toMatchObject({ state: "awaiting_payment", checkout: { provider: PROVIDER, amount: 100 } });
  expect(payment).toMatchObject({ state: "pending", checkout: { url: expect.stringContaining("/pay/") as string } });
  // The codes are kept: nobody else gets them.
  await giveMoney(deps, market.channelId, 1000);
  const other = await buy(deps, market.channelId, "other", [{ productId: market.productId, quantity: 1 }]);
  expect(other).toMatchObject({ ok: false, code: "sold_out" });
  // Nobody has paid yet: news of nothing moves nothing.
  await follow(deps, payment.id);
  expect((await now(deps, order.id)).order.state).toBe("awaiting_payment");
  simulator.pay(payment.id);
  await Promise.all([follow(deps, payment.id), follow(deps, payment.id)]);
  const after = await now(deps, order.id);
  expect(after.order).toMatchObject({ state: "fulfilled", fundedBy: expect.arrayContaining([payment.id]) as string[] });
  expect(after.payment).toMatchObject({ state: "succeeded", counted: true, received: { amount: 100 } });
  expect(after.payment.dueAt).toBeUndefined();
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
  // Its account leads to its book, so no list of books names that twice.
  expect((await otherBooks(deps)).map(({ owner }) => owner)).not.toContain(market.channelId);
  // The channel's balance has paid nothing.
  expect((await readAccount(deps, market.channelId, "CNY"))?.spendable).toBe(1000);
});

test("placing it again finds the same order and the same payment; a start whose answer was lost is begun once", async () => {
  const { market, payment } = await waitingOrder(paying, { stock: 2, price: AMOUNTS.lostAnswer });
  expect(payment.state).toBe("created");
  const again = await checkOut(paying, market, "order");
  expect(again.payment).toMatchObject({ id: payment.id, state: "pending" });
});

test("a payment that the provider refuses ends the order as if there were no money, and the same key may be tried again", async () => {
  await expect(waitingOrder(paying, { stock: 1, price: AMOUNTS.refused })).rejects.toThrow("payment_refused");
});

test("what is paid when its order has expired is sold if there is stock, and otherwise goes back", async () => {
  const sold = await waitingOrder(paying, { stock: 1 });
  const lost = await waitingOrder(paying, { stock: 1 });
  for (const { payment } of [sold, lost]) simulator.pay(payment.id);
  for (const { order } of [sold, lost]) await lookAt(AFTER_ALL, order);
  expect((await now(deps, lost.order.id)).order.state).toBe("expired");
  await giveMoney(deps, lost.market.channelId, 100);
  valueOf(await buy(deps, lost.market.channelId, "other", [{ productId: lost.market.productId, quantity: 1 }]));
  await follow(deps, sold.payment.id);
  await follow(deps, lost.payment.id);
  expect((await now(deps, sold.order.id)).order).toMatchObject({
    state: "fulfilled",
    fundedBy: expect.arrayContaining([sold.payment.id]) as string[],
  });
  const after = await now(deps, lost.order.id);
  expect(after.order).toMatchObject({ state: "refunded", refunded: 100 });
  await follow(deps, lost.payment.id);
  expect(refundsOf(lost.payment)).toEqual([[100, "refunded"]]);
});

test("an order that nobody pays expires, and its payment is closed so that nobody can", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  await follow(AFTER_ALL, payment.id, "due");
  expect([simulator.stateOf(payment.id), (await now(deps, order.id)).payment.state]).toEqual(["closed", "closed"]);
  // Their word counts all the same, if somebody has paid after that.
  simulator.payAllTheSame(payment.id);
  await follow(deps, payment.id);
  expect((await now(deps, order.id)).order.state).toBe("fulfilled");
});

test("the first of two payments counts, and the second goes back once, by its own name", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1 });
  const by = { method: "checkout", provider: PROVIDER, flow: "qr" } as const;
  const begun = valueOf(await beginPayment(deps, market.channelId, order.id, by));
  const { payment: second } = valueOf(await openCheckout(deps, begun));
  expect(second?.id).toBe(orderPaymentId(order.id, 1, 2));
  simulator.pay(second?.id ?? "");
  simulator.pay(payment.id);
  await Promise.all([follow(deps, payment.id), follow(deps, second?.id ?? "")]);
  await Promise.all([follow(deps, payment.id), follow(deps, second?.id ?? "")]);
  const after = await now(deps, order.id);
  expect(after.order.state).toBe("fulfilled");
  const [counted] = after.order.fundedBy ?? [];
  const other = [payment.id, second?.id ?? ""].find((id) => id !== counted) ?? "";
  expect(simulator.refunds(counted ?? "")).toEqual([]);
  expect(simulator.refunds(other).map(({ amount }) => amount)).toEqual([100]);
  expect(await readPayment(deps, other)).toMatchObject({ returned: "second" });
});

test("a payment that another one replaces is closed", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1 });
  const by = { method: "checkout", provider: PROVIDER, flow: "qr" } as const;
  const begun = valueOf(await beginPayment(deps, market.channelId, order.id, by));
  await followEarlier({ ...ground.deps, paymentQueueUrl: "payments" }, begun);
  await follow(deps, payment.id, "changed");
  expect(simulator.stateOf(payment.id)).toBe("closed");
});

test.each([
  ["too little", 99, "CNY", "other_amount"],
  ["too much", 101, "CNY", "other_amount"],
  ["in another currency", 100, "USD", "other_currency"],
] as const)("what is paid %s never counts, and goes back", async (_how, amount, currency, returned) => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  simulator.pay(payment.id, amount, currency);
  const after = await follow(deps, payment.id);
  expect(after).toMatchObject({ state: "succeeded", returned });
  expect((await now(deps, order.id)).order.state).toBe("awaiting_payment");
  expect(refundsOf(payment)).toEqual([[amount, "refunded"]]);
});

test("a cancelled order's payment is closed, and what comes all the same goes back", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1 });
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  await follow(deps, payment.id, "changed");
  expect(simulator.stateOf(payment.id)).toBe("closed");
  simulator.payAllTheSame(payment.id);
  expect(await follow(deps, payment.id)).toMatchObject({ returned: "order_over" });
  expect(refundsOf(payment)).toEqual([[100, "refunded"]]);
});

test("an order that its channel pays after all gives back what its buyer pays then", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1, money: 100 });
  expect(valueOf(await payOrder(deps, market.channelId, order.id)).state).toBe("fulfilled");
  simulator.pay(payment.id);
  expect(await follow(deps, payment.id)).toMatchObject({ returned: "second" });
  await settleMoney(deps, order.id);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("an order that was sold and is cancelled gives its money back to who paid, once, and the books say so", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1, price: AMOUNTS.refundSlow });
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  const after = await now(deps, order.id);
  expect(after.order).toMatchObject({ state: "cancelled", refunded: AMOUNTS.refundSlow });
  await follow(deps, payment.id, "due");
  expect(refundsOf(payment)).toEqual([[AMOUNTS.refundSlow, "pending"]]);
  simulator.endSlowRefunds("refunded");
  await follow(AFTER_ALL, payment.id, "due");
  const [refund] = Object.values((await now(deps, order.id)).payment.refunds);
  expect(refund).toMatchObject({ cause: `refund:${order.id}@1#1`, state: "refunded" });
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("a refund that the provider refuses waits for a person, and stands first in no list but theirs", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1, price: AMOUNTS.refundRefused });
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  await follow(deps, payment.id, "due");
  const listed = (await waitingPayments(deps, 1000)).find(({ id }) => id === payment.id);
  expect(Object.values(listed?.refunds ?? {})).toMatchObject([{ state: "refused", reason: "refund_window_over" }]);
});

test("the part of an order that the balance pays is set aside before the buyer pays the other, and each gets its share back", async () => {
  const market = await openMarket(deps, { stock: 1, money: 100 });
  const lines = [{ productId: market.productId, quantity: 1 }];
  const request: NewOrder = { lines, payment: { method: "deferred" } };
  const placed = valueOf(await placeOrder(deps, market.channelId, "mixed", request, {}));
  const mixed = { checkout: { provider: PROVIDER, amount: 60 }, payments: 1 };
  const write = paymentWrites(deps, { ...placed, ...mixed });
  const moved = await moveOrder(deps, placed, { ...mixed, heldAt: undefined }, write);
  const waiting = await advance(deps, moved.order);
  expect(waiting.fundedBy).toHaveLength(1);
  expect((await readAccount(deps, market.channelId, "CNY"))?.spendable).toBe(60);
  const { payment } = valueOf(await openCheckout(deps, waiting));
  expect(payment?.amount.amount).toBe(60);
  simulator.pay(payment?.id ?? "");
  await follow(deps, payment?.id ?? "");
  const sold = await now(deps, placed.id);
  expect(sold.order.state).toBe("fulfilled");
  expect(sold.order.fundedBy).toEqual([payment?.id, ...(waiting.fundedBy ?? [])]);
  valueOf(await cancelOrder(deps, market.channelId, placed.id));
  await follow(deps, payment?.id ?? "");
  expect(simulator.refunds(payment?.id ?? "").map(({ amount }) => amount)).toEqual([60]);
  expect((await readAccount(deps, market.channelId, "CNY"))?.spendable).toBe(100);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("money that nobody waits for goes back", async () => {
  const { payment } = await waitingOrder(paying, { stock: 1 });
  const purpose = { kind: "renewal", subscriptionId: "sub_1", period: 1 } as const;
  await movePayment(deps, payment, { purpose });
  simulator.pay(payment.id);
  expect(await follow(deps, payment.id)).toMatchObject({ returned: "nobody_waits" });
});

test("a notification is verified, stored sealed, queued and acknowledged; its repeats act once, and a lost one is made up for", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  simulator.pay(payment.id);
  const receiving = {
    ...ground.deps,
    ...deps,
    paymentQueueUrl: "payments",
    sealBody: ground.deps.sealRecipient,
    follow: notNow,
  };
  const { body, headers } = simulator.notification(payment.id);
  for (let again = 0; again < 2; again++)
    expect(await receiveNotification(receiving, PROVIDER, body, headers)).toMatchObject({ kind: "stored" });
  expect(await receiveNotification(receiving, PROVIDER, `${body} `, headers)).toEqual({
    kind: "refused",
    reason: "forged",
  });
  expect(await receiveNotification(receiving, "nobody", body, headers)).toEqual({ kind: "unknown_provider" });
  const foreign = simulator.notification(`pay_${"0".repeat(26)}`);
  expect(await receiveNotification(receiving, PROVIDER, foreign.body, foreign.headers)).toMatchObject({
    kind: "unrelated",
  });
  const eventId = headers["webhook-id"] ?? "";
  const named = { provider: PROVIDER, eventId };
  expect(await processNotification(deps, payment.id, named)).toMatchObject({ state: "succeeded" });
  expect(await processNotification(deps, payment.id, named)).toBeUndefined();
  expect((await now(deps, order.id)).order.state).toBe("fulfilled");
  // Nobody told of this one: it is found when it is due.
  const lost = await waitingOrder(paying, { stock: 1 });
  simulator.pay(lost.payment.id);
  const { due } = await carePayments({ ...receiving, clock: later(60).clock });
  expect(due).toBeGreaterThan(0);
  await follow(later(60), lost.payment.id, "due");
  expect((await now(deps, lost.order.id)).order.state).toBe("fulfilled");
});

test("the provider that cannot be asked keeps the news waiting", async () => {
  const { payment } = await waitingOrder(paying, { stock: 1 });
  simulator.setDown(true);
  await expect(follow(deps, payment.id)).rejects.toThrow("http_503");
  simulator.setDown(false);
});

test("providers are listed by name", async () => {
  expect((await listProviders(deps, 10)).providers.map(({ name }) => name)).toEqual([PROVIDER]);
});

test("in the end the books say that the provider has for us what it says itself", async () => {
  expect((await owed())[`provider:${PROVIDER}`]).toBe(simulator.holds());
});
