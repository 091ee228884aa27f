import { afterAll, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { eventually, http, openShop, operate, order, type Shop, stockProduct } from "../../support/orders/shop.ts";
import { startAlipaySimulator } from "../../support/payments/alipay/simulator.ts";
import { providerOn } from "../../support/payments/provider-on.ts";

// Buyers pay at Alipay, over HTTP: the deployed functions, with a gateway that is a server of its own and posts its notices to them.

const stack = deployedStack();
const alipay = await startAlipaySimulator();
afterAll(() => alipay.stop());
const { provider, set } = await providerOn(stack, "alipay", alipay);
const fresh = (): string => crypto.randomUUID();
const see = async ({ key }: Shop, id: string) => (await http(stack, "GET", `/v1/orders/${id}`, { key })).body;
const inspect = (id: string) => operate(stack, { method: "GET", path: `/admin/v1/payments/${id}` });

async function waiting(flow: string, more: object = {}) {
  const shop = await openShop(0);
  const hosts = { path: `/admin/v1/channels/${shop.channelId}/return-hosts`, json: { hosts: ["shop.example"] } };
  if ("returnUrl" in more) await operate(stack, { method: "POST", ...hosts });
  const { productId } = await stockProduct(stack, 1);
  const payment = { method: "checkout", provider, flow, ...more };
  const placed = await order(shop, [{ productId, quantity: 1 }], fresh(), { payment });
  expect(placed).toMatchObject({ status: 201, body: { state: "awaiting_payment", payment: { state: "pending" } } });
  return { shop, body: placed.body, paymentId: placed.body.payment.id as string };
}
const cancel = (shop: Shop, id: string) =>
  http(stack, "POST", `/v1/orders/${id}/cancel`, { key: shop.key, headers: { "Idempotency-Key": fresh() } });

test("a code is scanned and paid, Alipay's notice is taken at once, and the goods are there", async () => {
  expect(JSON.stringify(set)).not.toContain(alipay.credentials.privateKey.slice(0, 40));
  const { shop, body, paymentId } = await waiting("qr");
  expect(alipay.trade(paymentId).subject).toContain("Test code");
  expect((await fetch(body.payment.qr as string, { method: "POST" })).status).toBe(200);
  const sold = await eventually(async () => {
    const now = await see(shop, body.id);
    return now.state === "fulfilled" ? now : undefined;
  }, "the order that was paid");
  expect(sold.payment).toMatchObject({ id: paymentId, state: "succeeded" });
  expect(alipay.acks()).toEqual(["success"]);
  const goods = await http(stack, "GET", `/v1/orders/${body.id}/deliverables`, { key: shop.key });
  expect(goods.body.data).toHaveLength(1);
});

test("a page's buyer comes back to the shop; a code that is over can't be paid; what comes too late goes back", async () => {
  const page = await waiting("page", { returnUrl: "https://shop.example/done" });
  const paid = await fetch(page.body.payment.url as string, { method: "POST", redirect: "manual" });
  expect(paid.headers.get("location")).toBe("https://shop.example/done");
  const late = await waiting("qr");
  alipay.expire(late.paymentId);
  expect((await fetch(late.body.payment.qr as string, { method: "POST" })).status).toBe(410);
  expect((await cancel(late.shop, late.body.id)).body).toMatchObject({ state: "cancelled" });
  alipay.payAllTheSame(late.paymentId);
  const back = await eventually(async () => {
    const seen = await inspect(late.paymentId);
    return seen.refunds[0]?.state === "refunded" ? seen : undefined;
  }, "the money that came too late");
  expect(back).toMatchObject({ returned: "order_over" });
  expect(alipay.holdsOf(late.paymentId)).toBe(0);
  await eventually(
    async () => ((await see(page.shop, page.body.id)).state === "fulfilled" ? true : undefined),
    "the page's order",
  );
});

test("a forged notice is refused by the door, and moves nothing", async () => {
  const { shop, body, paymentId } = await waiting("qr");
  alipay.open(paymentId, 1500);
  const forged = alipay.notice(paymentId, { trade_status: "TRADE_SUCCESS" }).replace("15.00", "15.01");
  const answer = await fetch(`${stack.apiUrl}/v1/payments/${provider}/notifications`, {
    method: "POST",
    body: forged,
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
  });
  expect([answer.status, await answer.text()]).not.toContain("success");
  expect((await see(shop, body.id)).state).toBe("awaiting_payment");
});
