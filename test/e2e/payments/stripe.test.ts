import { afterAll, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { terminal } from "../../support/ops/ops.ts";
import { eventually, http, operate, order, type Shop, stockProduct } from "../../support/orders/shop.ts";
import { stripeOn } from "../../support/payments/stripe/stripe-on.ts";
import { startStripeSimulator } from "../../support/payments/stripe/stripe-simulator.ts";

// Buyers pay on a page of Stripe's: the deployed functions, with Stripe's SDK as it is bundled, and a Stripe that is a server of its own.

const stack = deployedStack();
const simulator = await startStripeSimulator();
afterAll(() => simulator.stop());
const { set, provider, notices, byStripe, openOnline } = await stripeOn(stack, simulator);
const { json } = terminal(stack);
const fresh = (): string => crypto.randomUUID();
const see = async ({ key }: Shop, id: string) => (await http(stack, "GET", `/v1/orders/${id}`, { key })).body;
const becomes = (shop: Shop, id: string, state: string) =>
  eventually(async () => {
    const now = await see(shop, id);
    return now.state === state ? now : undefined;
  }, `the order ${state}`);

async function waiting() {
  const shop = await openOnline();
  const { productId } = await stockProduct(stack, 1);
  const { status, body } = await order(shop, [{ productId, quantity: 1 }], fresh(), byStripe);
  expect({ status, body }).toMatchObject({ status: 201, body: { state: "awaiting_payment" } });
  const { id: paymentId, url } = body.payment as { id: string; url: string };
  return { shop, id: body.id as string, paymentId, url };
}
const settled = (paymentId: string) => operate(stack, { method: "GET", path: `/admin/v1/payments/${paymentId}` });

test("an order that its buyer pays on Stripe's page is delivered when Stripe tells, and goes back there; its key is nowhere", async () => {
  expect(JSON.stringify(set)).not.toMatch(/sk_test|whsec/);
  const { shop, id, paymentId, url } = await waiting();
  expect(url).toBe(`${simulator.url}/c/pay/${simulator.session(paymentId).id}`);
  expect((await fetch(url, { method: "POST" })).status).toBe(200);
  const sold = await becomes(shop, id, "fulfilled");
  expect(sold.payment).toMatchObject({ id: paymentId, state: "succeeded" });
  const goods = await http(stack, "GET", `/v1/orders/${id}/deliverables`, { key: shop.key });
  expect(goods.body.data).toHaveLength(1);
  expect(await settled(paymentId)).toMatchObject({ counted: true, refunds: [] });
  const refunded = await json("orders", "refund", id, "--reason", "the code did not work");
  expect(refunded).toMatchObject({ code: 0, value: { state: "refunded" } });
  await eventually(async () => {
    const { payment } = await see(shop, id);
    return payment.refunded.amount === 1500 ? payment : undefined;
  }, "the money back at Stripe");
  expect([simulator.holdsOf(paymentId), simulator.refunds(paymentId).length]).toEqual([0, 1]);
});

test("a cancelled order's session is ended, and what somebody pays all the same goes back", async () => {
  const { shop, id, paymentId, url } = await waiting();
  const headers = { "Idempotency-Key": fresh() };
  await http(stack, "POST", `/v1/orders/${id}/cancel`, { key: shop.key, headers });
  await eventually(
    () => Promise.resolve(simulator.session(paymentId).status === "expired" ? true : undefined),
    "the session ended",
  );
  expect((await fetch(url, { method: "POST" })).status).toBe(409);
  simulator.setRefunds("pending");
  simulator.payAllTheSame(paymentId);
  const asked = await eventually(
    () => Promise.resolve(simulator.refunds(paymentId).length > 0 ? true : undefined),
    "the refund asked for",
  );
  expect(asked).toBe(true);
  simulator.endRefund(paymentId, "succeeded");
  simulator.setRefunds("succeeded");
  await eventually(async () => {
    const { refunds } = await settled(paymentId);
    return refunds[0]?.state === "refunded" ? true : undefined;
  }, "the refund that has arrived");
  expect(simulator.holdsOf(paymentId)).toBe(0);
});

test("a notice that is changed, or unsigned, is refused; one of another shop is acknowledged and moves nothing", async () => {
  const { paymentId } = await waiting();
  const { body, headers } = simulator.notification(paymentId);
  const send = async (text: string, more: Record<string, string>) =>
    (await fetch(notices, { method: "POST", body: text, headers: more })).status;
  expect(await send(`${body} `, headers)).toBe(401);
  expect(await send(body, { "content-type": "application/json" })).toBe(401);
  expect(await send(body, headers)).toBe(200);
  simulator.add("somebody else's");
  const others = simulator.notification("somebody else's");
  expect(await send(others.body, others.headers)).toBe(200);
});

test("an amount that Stripe does not take is refused by name, and no order stands", async () => {
  const shop = await openOnline();
  const { productId } = await stockProduct(stack, 1, 9);
  const lines = [{ productId, quantity: 1 }];
  const refused = await order(shop, lines, fresh(), byStripe);
  expect(refused).toMatchObject({ status: 409, body: { code: "payment_refused" } });
  // So is a buyer who can't come back, before anything is asked of Stripe.
  const homeless = { payment: { method: "checkout", provider, flow: "checkout" } };
  const asked = simulator.calls("post /v1/checkout/sessions").length;
  expect(await order(shop, lines, fresh(), homeless)).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: "/payment/returnUrl" }] },
  });
  expect(simulator.calls("post /v1/checkout/sessions")).toHaveLength(asked);
});
