import { afterAll, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { eventually, http, openShop, operate, order, type Shop, stockProduct } from "../../support/orders/shop.ts";
import { startPaymentSimulator } from "../../support/payments/payment-simulator.ts";
import { providerOn } from "../../support/payments/provider-on.ts";

// Buyers pay at a payment provider, over HTTP: the deployed functions, with a provider that is a server of its own.

const stack = deployedStack();
const simulator = await startPaymentSimulator();
afterAll(() => simulator.stop());
const { provider, set } = await providerOn(stack, "simulated", simulator);
const fresh = (): string => crypto.randomUUID();
const byCheckout = { payment: { method: "checkout", provider } };
const see = async ({ key }: Shop, id: string) => (await http(stack, "GET", `/v1/orders/${id}`, { key })).body;

async function waiting(retail = 1500) {
  const shop = await openShop(0);
  const { productId } = await stockProduct(stack, 1, 1500, retail);
  const placed = await order(shop, [{ productId, quantity: 1 }], fresh(), byCheckout);
  expect(placed).toMatchObject({ status: 201, body: { state: "awaiting_payment", payment: { state: "pending" } } });
  return { shop, productId, body: placed.body };
}

test("an order says where its buyer pays, and has its goods soon after the provider has told that it was paid", async () => {
  expect(set).toMatchObject({ name: provider, protocol: "simulated" });
  expect(JSON.stringify(set)).not.toContain(simulator.credentials.apiKey);
  const { shop, productId, body } = await waiting(1800);
  const cny = (amount: number) => ({ amount, currency: "CNY" });
  const shown = await http(stack, "GET", `/v1/products/${productId}`, { key: shop.key });
  expect(shown.body).toMatchObject({ price: cny(1500), retailPrice: cny(1800) });
  expect(body).toMatchObject({ total: cny(1500), retailTotal: cny(1800), payment: { amount: cny(1800) } });
  expect(body.lines).toMatchObject([{ unitPrice: cny(1500), retailPrice: cny(1800), net: cny(1500) }]);
  const { url, id: paymentId } = body.payment as { url: string; id: string };
  expect((await fetch(url, { method: "POST" })).status).toBe(200);
  const sold = await eventually(async () => {
    const now = await see(shop, body.id);
    return now.state === "fulfilled" ? now : undefined;
  }, "the order that was paid");
  expect(sold.payment).toMatchObject({ id: paymentId, state: "succeeded", refunded: { amount: 0 } });
  expect(sold.payment.url).toBeUndefined();
  const goods = await http(stack, "GET", `/v1/orders/${body.id}/deliverables`, { key: shop.key });
  expect(goods.body.data).toHaveLength(1);
  const inspected = await operate(stack, { method: "GET", path: `/admin/v1/payments/${paymentId}` });
  expect(inspected).toMatchObject({ counted: true, purpose: `order:${body.id}@1`, refunds: [] });
  // The channel has earned the difference.
  const account = await http(stack, "GET", "/v1/account", { key: shop.key });
  expect(account.body.balances).toMatchObject([{ available: cny(300), movements: [{ kind: "sale", amount: 300 }] }]);
});

test("a cancelled order's payment is closed within moments, and so nobody can pay it", async () => {
  const { shop, body } = await waiting();
  const headers = { "Idempotency-Key": fresh() };
  const cancelled = await http(stack, "POST", `/v1/orders/${body.id}/cancel`, { key: shop.key, headers });
  expect(cancelled.body).toMatchObject({ state: "cancelled" });
  const { id, url } = body.payment as { id: string; url: string };
  await eventually(() => Promise.resolve(simulator.stateOf(id) === "closed" ? true : undefined), "the payment closed");
  expect((await fetch(url, { method: "POST" })).status).toBe(409);
  const listed = await operate(stack, { method: "GET", path: `/admin/v1/payments?orderId=${body.id}` });
  expect(listed.data).toMatchObject([{ id, provider }]);
});

test("forged news, an unknown provider, and a payment at nobody's are refused by name", async () => {
  const { body } = await waiting();
  const { body: news, headers } = simulator.notification(body.payment.id as string);
  const send = (path: string, text: string) => fetch(`${stack.apiUrl}${path}`, { method: "POST", body: text, headers });
  expect((await send(`/v1/payments/${provider}/notifications`, `${news} `)).status).toBe(401);
  expect((await send("/v1/payments/nobody/notifications", news)).status).toBe(404);
  const shop = await openShop(0);
  const { productId } = await stockProduct(stack, 1);
  const refused = await order(shop, [{ productId, quantity: 1 }], fresh(), {
    payment: { method: "checkout", provider: "nobody" },
  });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: "/payment/provider" }] } });
});
