import { afterAll, expect, test } from "vitest";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { processNotification } from "../../../shared/orders/process-notification.ts";
import type { Flow } from "../../../shared/payments/contract.ts";
import type { Payment } from "../../../shared/payments/model.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import { setProvider } from "../../../shared/payments/set-provider.ts";
import { otherEntries, wrongBooks } from "../../support/orders/books.ts";
import { openMarket } from "../../support/orders/market.ts";
import { startAlipaySimulator } from "../../support/payments/alipay/simulator.ts";
import { checkOut, follow, lookAt, notNow, now } from "../../support/payments/checkout-shop.ts";
import { parameters } from "../../support/payments/parameters.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Buyers who pay at Alipay: the whole way from the order to its goods and back, with what Alipay really sends.

const ground = await sceneGround();
const alipay = await startAlipaySimulator();
afterAll(() => alipay.stop());
const deps = {
  ...ground.deps,
  ssm: parameters(),
  paymentSecretsPrefix: `/payments/${alipay.url}/`,
  environmentName: "prod",
};
const notificationUrl = "https://shop.example/v1/payments/alipay/notifications";
const provider = {
  name: "alipay",
  protocol: "alipay",
  baseUrl: alipay.url,
  timeoutMs: 15_000,
  notificationUrl,
} as const;
valueOf(await setProvider(deps, { ...provider, credentials: alipay.credentials }));
// It tells nobody by itself: the tests bring its notices, in the order that they want.
alipay.setSilent(true);
const receiving = {
  ...ground.deps,
  ...deps,
  paymentQueueUrl: "payments",
  sealBody: ground.deps.sealRecipient,
  follow: notNow,
};
const AFTER_ALL = { ...deps, clock: () => new Date(Date.now() + 2_000_000) };

async function waiting(flow: Flow, price = 1500) {
  const market = await openMarket(deps, { money: 0, stock: 1, price });
  const payment = { method: "checkout", provider: "alipay", flow } as const;
  return { market, ...(await checkOut({ deps }, market, "order", { payment })) };
}
const receive = (form: string) => receiveNotification(receiving, "alipay", form, {});
const eventIn = (form: string) => ({ provider: "alipay", eventId: new URLSearchParams(form).get("notify_id") ?? "" });
const addressOf = ({ checkout }: Payment): string =>
  checkout !== undefined && "url" in checkout ? checkout.url : expect.unreachable("there is no address");
const moneyOf = async (): Promise<number> =>
  (await otherEntries(deps))
    .flatMap(({ legs }) => legs)
    .reduce((sum, { account, amount }) => sum + (account === "provider:alipay" ? amount : 0), 0);

test("an order paid by a QR code is sold once, however often and in whatever order Alipay tells of it, and a refund told like a success sells nothing", async () => {
  const { market, order, payment } = await waiting("qr");
  expect(payment.checkout).toEqual({ qr: expect.stringContaining("/bax/") as string });
  alipay.pay(payment.id);
  const paid = alipay.notice(payment.id);
  for (let again = 0; again < 2; again++)
    expect(await receive(paid)).toMatchObject({ kind: "stored", acknowledgement: { status: 200, body: "success" } });
  expect(await receive(paid.replace("15.00", "0.01"))).toEqual({ kind: "refused", reason: "forged" });
  expect(await processNotification(deps, payment.id, eventIn(paid))).toMatchObject({
    state: "succeeded",
    counted: true,
  });
  // The same notice again has had its effect.
  expect(await processNotification(deps, payment.id, eventIn(paid))).toBeUndefined();
  expect((await now(deps, order.id)).order).toMatchObject({
    state: "fulfilled",
    fundedBy: expect.arrayContaining([payment.id]) as string[],
  });
  expect(await moneyOf()).toBe(1500);

  valueOf(await cancelOrder(deps, market.channelId, order.id));
  await follow(deps, payment.id);
  expect(alipay.holdsOf(payment.id)).toBe(0);
  const back = alipay.notice(payment.id);
  expect(Object.fromEntries(new URLSearchParams(back))).toMatchObject({
    trade_status: "TRADE_CLOSED",
    refund_fee: "15.00",
  });
  for (const form of [back, alipay.notice(payment.id, { trade_status: "TRADE_SUCCESS" }), paid]) {
    expect(await receive(form)).toMatchObject({ kind: "stored" });
    await processNotification(deps, payment.id, eventIn(form));
  }
  const after = await now(deps, order.id);
  expect(after).toMatchObject({
    order: { state: "cancelled", refunded: 1500 },
    payment: { state: "succeeded", counted: true },
  });
  expect(alipay.refunds(payment.id)).toHaveLength(1);
  expect(await moneyOf()).toBe(0);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("a page that nobody has opened in time is over, and what its buyer pays later all the same is sold or goes back", async () => {
  const { order, payment } = await waiting("page");
  await follow(deps, payment.id);
  expect((await now(deps, order.id)).payment.state).toBe("pending");
  await lookAt(AFTER_ALL, order);
  await follow(AFTER_ALL, payment.id, "due");
  expect(await now(deps, order.id)).toMatchObject({ order: { state: "expired" }, payment: { state: "closed" } });
  // Their clock is behind ours.
  expect((await fetch(addressOf(payment), { method: "POST" })).status).toBe(200);
  await follow(deps, payment.id);
  expect((await now(deps, order.id)).order).toMatchObject({
    state: "fulfilled",
    fundedBy: expect.arrayContaining([payment.id]) as string[],
  });
});

test("a cancelled order's code can be scanned until its time is over; what is paid by it then goes back once", async () => {
  const { market, order, payment } = await waiting("qr");
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  await follow(deps, payment.id, "changed");
  // Alipay knows of no trade to close, so nobody may say that it is over.
  expect((await now(deps, order.id)).payment.state).toBe("pending");
  alipay.pay(payment.id);
  alipay.misbehave("alipay.trade.refund", { kind: "lost" }, { kind: "system_error_after" });
  await follow(deps, payment.id);
  await follow(AFTER_ALL, payment.id, "due");
  await follow(AFTER_ALL, payment.id, "due");
  const after = await now(deps, order.id);
  expect(after).toMatchObject({ order: { state: "cancelled" }, payment: { returned: "order_over" } });
  expect(Object.values(after.payment.refunds)).toMatchObject([{ state: "refunded", amount: 1500 }]);
  expect(alipay.refunds(payment.id)).toHaveLength(1);
});

test("what was given back by hand before we heard of it is delivered to nobody, and is on no book", async () => {
  const before = await moneyOf();
  const { order, payment } = await waiting("wap");
  await fetch(addressOf(payment), { method: "POST" });
  const paid = alipay.notice(payment.id);
  alipay.refundByHand(payment.id, 1500);
  await receive(paid);
  await processNotification(deps, payment.id, eventIn(paid));
  const after = await now(deps, order.id);
  expect(after).toMatchObject({
    order: { state: "awaiting_payment" },
    payment: { state: "failed", reason: "given_back_at_alipay" },
  });
  expect(await moneyOf()).toBe(before);
});

test("an answer that Alipay has not signed moves nothing, and the news waits for one that it has", async () => {
  const { order, payment } = await waiting("qr");
  alipay.pay(payment.id);
  alipay.misbehave("alipay.trade.query", { kind: "forged" });
  await expect(follow(deps, payment.id)).rejects.toThrow("forged_answer");
  expect((await now(deps, order.id)).order.state).toBe("awaiting_payment");
  await follow(deps, payment.id);
  expect((await now(deps, order.id)).order.state).toBe("fulfilled");
});
