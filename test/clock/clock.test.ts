import { afterAll, expect, onTestFinished, test } from "vitest";
import { movedBy } from "../../shared/kernel/clock.ts";
import { deployedStack } from "../support/engine/deployed-stack.ts";
import { domain } from "../support/engine/domain.ts";
import { invoke } from "../support/engine/invoke.ts";
import { terminal } from "../support/ops/ops.ts";
import { sweepUntilQuiet } from "../support/orders/market.ts";
import {
  eventually,
  http,
  type Json,
  makeCodes,
  openShop,
  operate,
  order,
  orderIn,
  stockProduct,
} from "../support/orders/shop.ts";
import { providerOn } from "../support/payments/provider-on.ts";
import { stripeOn } from "../support/payments/stripe/stripe-on.ts";
import { startStripeSimulator } from "../support/payments/stripe/stripe-simulator.ts";
import { startWechatSimulator } from "../support/payments/wechat/simulator.ts";

// The clock of a local stack, moved as somebody would who shows the shop: what is due after days happens at once.

const stack = deployedStack();
const { json } = terminal(stack);

const clock = async (...words: string[]): Promise<Json> => {
  const { code, value } = await json("clock", ...words);
  expect([code, value]).toEqual([0, value]);
  return value;
};
const DAY_SECONDS = 86_400;

afterAll(() => clock("reset"));

test("an order that nobody pays expires when the clock is moved past its time, and its code is sold to another", async () => {
  const shop = await openShop(5_000);
  const { productId } = await stockProduct(stack, 1);
  const lines = [{ productId, quantity: 1 }];
  const { body } = await order(shop, lines, crypto.randomUUID(), { payment: { method: "deferred" } });
  expect(body).toMatchObject({ state: "awaiting_payment" });
  const before = Date.now();

  const moved = await clock("set", "--by", "1d");
  expect(moved).toMatchObject({ aheadSeconds: DAY_SECONDS });
  expect(Math.abs(Date.parse(moved.now) - before - DAY_SECONDS * 1000)).toBeLessThan(60_000);

  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const pay = { key: shop.key, json: { method: "balance" }, headers };
  const late = await http(stack, "POST", `/v1/orders/${body.id}/payments`, pay);
  expect(late).toMatchObject({ status: 409, body: { code: "order_expired" } });
  await invoke(stack, "orders-schedule", { job: "expireOrders" });
  const shown = await http(stack, "GET", `/v1/orders/${body.id}`, { key: shop.key });
  expect(shown.body).toMatchObject({ state: "expired" });
  await sweepUntilQuiet(domain(undefined, { clock: movedBy(() => DAY_SECONDS * 1000) }), productId);
  const sold = await eventually(async (): Promise<Json> => {
    const { status, body: other } = await order(shop, lines);
    return status === 201 ? other : undefined;
  }, "the code sold to another");
  expect(sold).toMatchObject({ state: "fulfilled" });
  expect(Date.parse(sold.placedAt)).toBeGreaterThan(before + (DAY_SECONDS - 60) * 1000);
});

test("a session at Stripe is ended when its hold is over, and what its buyer pays all the same is sold", async () => {
  await clock("reset");
  const simulator = await startStripeSimulator();
  onTestFinished(() => simulator.stop());
  const { provider, openOnline, byStripe } = await stripeOn(stack, simulator);
  const shop = await openOnline();
  const { productId } = await stockProduct(stack, 1);
  const { body } = await order(shop, [{ productId, quantity: 1 }], crypto.randomUUID(), byStripe);
  const { id: paymentId } = body.payment as { id: string };
  await clock("set", "--by", "1d");
  await invoke(stack, "orders-schedule", { job: "carePayments" });
  const session = simulator.session(paymentId);
  await eventually(() => Promise.resolve(session.status === "expired" ? true : undefined), `${provider} ended it`);
  const see = async (): Promise<Json> => (await http(stack, "GET", `/v1/orders/${body.id}`, { key: shop.key })).body;
  await orderIn(shop, body.id as string, "expired");
  expect(session.expiresAt).toBeGreaterThan(Date.now() / 1000 + 30 * 60);
  simulator.payAllTheSame(paymentId);
  const sold = await eventually(async () => {
    const now = await see();
    return now.state === "fulfilled" ? now : undefined;
  }, "the order that was paid late");
  expect(sold.payment).toMatchObject({ id: paymentId, state: "succeeded" });
});

test("an order that nobody pays at WeChat Pay in time expires and is closed there; who pays all the same has the goods", async () => {
  await clock("reset");
  const simulator = await startWechatSimulator();
  onTestFinished(() => simulator.stop());
  const { provider } = await providerOn(stack, "wechat", simulator);
  const shop = await openShop(0);
  const { productId } = await stockProduct(stack, 1);
  const payment = { method: "checkout", provider, flow: "native" };
  const { body } = await order(shop, [{ productId, quantity: 1 }], crypto.randomUUID(), { payment });
  const { id } = body.payment as { id: string };
  expect(simulator.stateOf(id)).toBe("NOTPAY");

  await clock("set", "--by", "1d");
  await invoke(stack, "orders-schedule", { job: "carePayments" });
  await eventually(() => Promise.resolve(simulator.stateOf(id) === "CLOSED" ? true : undefined), "the trade closed");
  await orderIn(shop, body.id as string, "expired");
  // The payer was asked for the password in time, and took long to give it.
  simulator.payAllTheSame(id);
  await orderIn(shop, body.id as string, "fulfilled");
  expect(simulator.refunds(id)).toEqual([]);
});

test("a day of the books is closed when it is over, its statement is the account's, and everything closed computes again", async () => {
  await clock("reset");
  const shop = await openShop(5_000);
  const { channelId } = shop;
  const early = await http(stack, "GET", "/v1/statements?currency=CNY", { key: shop.key });
  expect(early).toMatchObject({ status: 200, body: { data: [], nextCursor: null } });
  await clock("set", "--by", "2d");
  await invoke(stack, "reconciliation-schedule", { job: "closeDays" });
  const { body } = await http(stack, "GET", "/v1/statements?currency=CNY", { key: shop.key });
  const [closed = {}] = body.data as Json[];
  expect(body.data).toMatchObject([{ opening: { amount: 0 }, in: { amount: 5_000 }, closing: { amount: 5_000 } }]);
  const moved = await http(stack, "GET", `/v1/statements/${closed.day}?currency=CNY`, { key: shop.key });
  expect(moved.body.data).toMatchObject([{ kind: "deposit", amount: 5_000 }]);
  const none = await http(stack, "GET", "/v1/statements/2020-01-01?currency=CNY", { key: shop.key });
  expect(none).toMatchObject({ status: 404, body: { code: "not_found" } });
  const { code, value } = await json("statements", "verify", "--owner", channelId);
  expect({ code, value }).toMatchObject({ code: 0, value: { books: 1, closings: 1, differences: [] } });
  const { value: journals } = await json("statements", "export", "--owner", channelId, "--format", "json");
  expect(journals).toMatchObject([{ closing: { day: closed.day, hash: closed.hash }, entries: [{ legs: [{}, {}] }] }]);
});

test("a code is sold until its date, and no longer when the clock has passed it", async () => {
  await clock("reset");
  const shop = await openShop(5_000);
  const { productId } = await stockProduct(stack, 0);
  const codes = makeCodes(3);
  const date = new Date(Date.now() + 30 * DAY_SECONDS * 1000).toISOString();
  const csv = ["secret,expiresAt", ...codes.map((code) => `${code},${date}`)].join("\n");
  await operate(stack, { method: "POST", path: `/admin/v1/products/${productId}/stock-imports`, csv });
  const sell = async (): Promise<Json> => (await order(shop, [{ productId, quantity: 1 }])).body;

  await clock("set", "--by", "29d");
  expect(await sell()).toMatchObject({ state: "fulfilled" });
  await clock("set", "--to", date);
  expect(await sell()).toMatchObject({ code: "sold_out" });
});
