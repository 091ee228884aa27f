import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { otherBooks } from "../../../shared/ledger/verify.ts";
import { processNotification } from "../../../shared/orders/process-notification.ts";
import { listReviews } from "../../../shared/orders/read-queues.ts";
import { retryRefund, settleRefund } from "../../../shared/orders/see-to-refund.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { type Payment, type PaymentRefund, refundIdFor } from "../../../shared/payments/model.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import { paymentItem } from "../../../shared/payments/table.ts";
import { OrderRefund } from "../../../shared/review/decision.ts";
import { refundOrder } from "../../../shared/review/refund-order.ts";
import { otherEntries, wrongBooks } from "../../support/orders/books.ts";
import { violations } from "../../support/orders/invariants.ts";
import { openMarket, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { checkOut, follow, notNow, PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { wrongPayments } from "../../support/payments/paid-audit.ts";
import { anna } from "../../support/review/review-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What a buyer has paid at a provider goes back there, in parts, to the last unit; and a person sees to what the provider can't make.

const ground = await sceneGround();
const { simulator, deps: paying } = await withPayments(ground.deps);
const deps = { ...ground.deps, ...paying, paymentQueueUrl: "payments" };
const on = { simulator, deps };

async function delivered(quantity: number, price = 100, retail?: number) {
  const market = await openMarket(deps, {
    stock: quantity,
    money: 0,
    price,
    ...(retail === undefined ? {} : { retail }),
  });
  const lines = [{ productId: market.productId, quantity }];
  const { order, payment } = await checkOut(on, market, "order", { lines });
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  return { market, id: order.id, paymentId: payment.id };
}
type Delivered = Awaited<ReturnType<typeof delivered>>;

async function giveBack({ id, paymentId }: Delivered, key: string, more: object = {}): Promise<void> {
  const wish = OrderRefund.parse({ reason: "it did not work", ...more });
  valueOf(await refundOrder(deps, id, wish, { ...anna, cause: key }));
  await follow(deps, paymentId, "due");
}
const orderOf = async ({ id }: Delivered) => readOrder(deps, id);
const refundsOf = async ({ paymentId }: Delivered): Promise<PaymentRefund[]> =>
  Object.values((await readPayment(deps, paymentId))?.refunds ?? {});
const firstOf = async (of: Delivered): Promise<string> => (await refundsOf(of))[0]?.id ?? "";

/** Everything that is wrong with the order, its payment and the books, now that all is quiet. */
async function wrongWith({ market: { productId, channelId }, id }: Delivered): Promise<string[]> {
  await settleMoney(deps, id);
  await sweepUntilQuiet(deps, productId);
  const order = await readOrder(deps, id);
  const money = (await otherBooks(deps)).some(({ owner }) => owner === channelId) ? [] : [channelId];
  return [
    ...(await violations(deps, { products: [productId], channels: money, orders: [id] })),
    ...(await wrongBooks(deps, channelId, "CNY")),
    ...(await wrongPayments(deps, simulator, order === undefined ? [] : [order])),
  ];
}

/** A notification about a refund, as it comes over the wire. */
async function hear({ paymentId }: Delivered, refundId: string): Promise<void> {
  const { body, headers } = simulator.notification(paymentId, "refund.updated", refundId);
  const receiving = { ...deps, sealBody: ground.deps.sealRecipient, follow: notNow };
  expect(await receiveNotification(receiving, PROVIDER, body, headers)).toMatchObject({ kind: "stored" });
  const eventId = headers["webhook-id"] ?? "";
  await processNotification(deps, paymentId, { provider: PROVIDER, eventId });
}

test("a delivered order that its buyer paid at a provider goes back there piece by piece, with the channel's margin", async () => {
  const of = await delivered(3, 100, 120);
  for (const round of [1, 2, 3]) {
    await giveBack(of, `piece ${round}`, { pieces: 1 });
    expect(simulator.refunds(of.paymentId).map(({ amount }) => amount)).toEqual(
      Array.from({ length: round }, () => 120),
    );
    expect(await wrongWith(of)).toEqual([]);
  }
  expect(await orderOf(of)).toMatchObject({ state: "refunded", refunded: 300 });
  expect(simulator.holdsOf(of.paymentId)).toBe(0);
});

/** One whose provider refuses to give anything back, and that was refunded all the same. */
async function refused(): Promise<Delivered & { refundId: string }> {
  const of = await delivered(2);
  simulator.setRefunding(of.paymentId, true);
  await giveBack(of, "one", { pieces: 1 });
  return { ...of, refundId: await firstOf(of) };
}

const isBeforeAPerson = async ({ id }: Delivered): Promise<boolean> =>
  (await listReviews(deps, 100)).orders.some((order) => order.id === id);

test("what a provider can't give back puts the order before a person, who books once that it was paid in another way", async () => {
  const of = await refused();
  const { paymentId, refundId } = of;
  const stuck = [{ refundId, paymentId, reason: "refund_window_over" }];
  expect(await orderOf(of)).toMatchObject({
    state: "fulfilled",
    review: { reason: "refund_refused", refundId },
    stuck,
  });
  expect(await isBeforeAPerson(of)).toBe(true);
  for (let again = 0; again < 2; again++)
    expect(valueOf(await settleRefund(deps, paymentId, refundId)).refunds[refundId]?.state).toBe("paid_elsewhere");
  const order = await orderOf(of);
  expect([order?.review, order?.stuck]).toEqual([undefined, undefined]);
  expect(await isBeforeAPerson(of)).toBe(false);
  expect(await retryRefund(deps, paymentId, refundId)).toMatchObject({ ok: false, code: "not_refundable" });
  const elsewhere = (await otherEntries(deps)).find(({ name }) => name === `elsewhere:${refundId}`);
  expect(elsewhere?.legs).toEqual([
    { account: `suspense:${PROVIDER}`, amount: 100 },
    { account: "platform:cash", amount: -100 },
  ]);
  expect(await wrongWith(of)).toEqual([]);
});

test("a refund that a person has tried again goes by another name, once; and the next one asks for itself", async () => {
  const of = await refused();
  const { paymentId, refundId } = of;
  for (let again = 0; again < 2; again++) valueOf(await retryRefund(deps, paymentId, refundId));
  await follow(deps, paymentId, "due");
  expect((await refundsOf(of)).map(({ cause, state }) => [cause, state])).toContainEqual([
    `refund:${of.id}@1#1~2`,
    "refused",
  ]);
  const second = (await refundsOf(of)).find(({ insteadOf }) => insteadOf === refundId)?.id ?? "";
  simulator.setRefunding(paymentId, false);
  valueOf(await retryRefund(deps, paymentId, second));
  await follow(deps, paymentId, "due");
  expect(simulator.refunds(paymentId).map(({ amount }) => amount)).toEqual([100]);
  expect((await orderOf(of))?.review).toBeUndefined();
  expect(await settleRefund(deps, paymentId, refundId)).toMatchObject({ ok: false, code: "not_refundable" });
  expect(await settleRefund(deps, paymentId, "rfd_none")).toMatchObject({ ok: false, code: "not_found" });
  await giveBack(of, "two");
  expect(await orderOf(of)).toMatchObject({ state: "refunded", refunded: 200 });
  expect(await wrongWith(of)).toEqual([]);
});

test("money that a provider called given back, and that comes to nothing later, is owed again, and a person is told", async () => {
  const of = await delivered(2);
  const { paymentId } = of;
  await giveBack(of, "one", { pieces: 1 });
  const refundId = await firstOf(of);
  for (const times of [1, 2]) {
    simulator.turnRefund(paymentId, refundId, "failed");
    await hear(of, refundId);
    // Said again it changes nothing.
    await hear(of, refundId);
    expect(await refundsOf(of)).toMatchObject([{ state: "refused", reason: "refund_failed", bounced: times }]);
    expect(await orderOf(of)).toMatchObject({ state: "fulfilled", review: { reason: "refund_refused", refundId } });
    simulator.turnRefund(paymentId, refundId, "refunded");
    await hear(of, refundId);
    expect(await refundsOf(of)).toMatchObject([{ state: "refunded", bounced: times }]);
    expect((await orderOf(of))?.review).toBeUndefined();
    expect(await wrongWith(of)).toEqual([]);
  }
  const names = (await otherEntries(deps)).map(({ name }) => name).filter((name) => name.includes(refundId));
  const kinds = ["bounce", "repayment"];
  expect(names.toSorted()).toEqual([
    ...kinds.flatMap((kind) => [`${kind}:${refundId}`, `${kind}:${refundId}#2`]),
    `repayment:${refundId}#3`,
  ]);
});

test("a refund that goes through after all is not made a second time by what was to be tried in its place", async () => {
  const of = await delivered(2);
  const { paymentId } = of;
  await giveBack(of, "one", { pieces: 1 });
  const refundId = await firstOf(of);
  simulator.turnRefund(paymentId, refundId, "failed");
  await hear(of, refundId);
  valueOf(await retryRefund(deps, paymentId, refundId));
  simulator.turnRefund(paymentId, refundId, "refunded");
  await follow(deps, paymentId, "due");
  expect(simulator.refunds(paymentId)).toHaveLength(1);
  expect(await refundsOf(of)).toMatchObject([{ id: refundId, state: "refunded" }]);
  expect(await wrongWith(of)).toEqual([]);
});

test("before a third try the provider is asked about each one before it: a first one that went through late is not made again", async () => {
  const of = await delivered(2);
  const { paymentId } = of;
  await giveBack(of, "one", { pieces: 1 });
  const refundId = await firstOf(of);
  simulator.turnRefund(paymentId, refundId, "failed");
  await hear(of, refundId);
  simulator.setRefunding(paymentId, true);
  valueOf(await retryRefund(deps, paymentId, refundId));
  await follow(deps, paymentId, "due");
  const second = (await refundsOf(of)).find(({ insteadOf }) => insteadOf === refundId)?.id ?? "";
  valueOf(await retryRefund(deps, paymentId, second));
  simulator.setRefunding(paymentId, false);
  simulator.turnRefund(paymentId, refundId, "refunded");
  await follow(deps, paymentId, "due");
  expect(simulator.refunds(paymentId).map(({ reference }) => reference)).toEqual([refundId]);
  const states = (await refundsOf(of)).map(({ id, state }): [string, string] => [id, state]);
  expect(Object.fromEntries(states)).toEqual({ [refundId]: "refunded", [second]: "retried" });
  expect(await wrongWith(of)).toEqual([]);
});

test("a refund is tried ten times, and then a person pays it in another way", async () => {
  const of = await refused();
  const { paymentId } = of;
  const last = async () => (await refundsOf(of)).find(({ state }) => state === "refused")?.id ?? "";
  for (let tried = 1; tried < LIMITS.triesPerRefund; tried++) {
    valueOf(await retryRefund(deps, paymentId, await last()));
    await follow(deps, paymentId, "due");
  }
  expect(await retryRefund(deps, paymentId, await last())).toMatchObject({ ok: false, code: "not_refundable" });
  expect(await refundsOf(of)).toHaveLength(LIMITS.triesPerRefund);
  valueOf(await settleRefund(deps, paymentId, await last()));
  expect(await wrongWith(of)).toEqual([]);
});

test("nobody knows what became of a refund that there is news of: the message comes again", async () => {
  const of = await delivered(1);
  await giveBack(of, "one");
  simulator.setDown(true);
  await expect(hear(of, await firstOf(of))).rejects.toThrow("http_503");
  simulator.setDown(false);
});

test("a payment with all the refunds that an order may have is far from full", async () => {
  const of = await delivered(1);
  const payment = (await readPayment(deps, of.paymentId)) as Payment;
  const one = (round: number): PaymentRefund => {
    const cause = `refund:${of.id}@9#${round}~9`;
    const at = new Date().toISOString();
    const [id, insteadOf] = [refundIdFor(payment.id, cause), refundIdFor(payment.id, `${cause} before`)];
    const told = { providerRefundId: "x".repeat(64), reason: "x".repeat(64) };
    const numbers = { round, amount: 10 ** 12, asked: 1000, bounced: 10 };
    return { id, cause, requestedAt: at, endedAt: at, state: "paid_elsewhere", insteadOf, ...told, ...numbers };
  };
  const all = Array.from({ length: LIMITS.refundRounds }, (_, round) => one(round));
  const refunds = Object.fromEntries(all.map((refund) => [refund.id, refund]));
  const size = Buffer.byteLength(JSON.stringify(paymentItem({ ...payment, refunds })));
  expect(size).toBeGreaterThan(LIMITS.refundRounds * 300);
  expect(size).toBeLessThan(100_000);
});
