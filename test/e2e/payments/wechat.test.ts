import { afterAll, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { terminal } from "../../support/ops/ops.ts";
import {
  eventually,
  http,
  openShop,
  operate,
  order,
  orderIn,
  type Shop,
  stockProduct,
} from "../../support/orders/shop.ts";
import { providerOn } from "../../support/payments/provider-on.ts";
import { startWechatSimulator } from "../../support/payments/wechat/simulator.ts";

// Buyers pay by WeChat, over HTTP: the deployed functions, with a WeChat Pay that is a server of its own.

const stack = deployedStack();
const simulator = await startWechatSimulator();
afterAll(() => simulator.stop());
const { provider, named, set } = await providerOn(stack, "wechat", simulator);
const { json } = terminal(stack);
const fresh = (): string => crypto.randomUUID();
const openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
const money = (amount: number) => ({ amount, currency: "CNY" });

async function waiting(how: object, quantity = 1) {
  const shop = await openShop(0);
  const { productId } = await stockProduct(stack, 2);
  const payment = { method: "checkout", provider, ...how };
  const placed = await order(shop, [{ productId, quantity }], fresh(), { payment });
  expect(placed).toMatchObject({ status: 201, body: { state: "awaiting_payment", payment: { state: "pending" } } });
  return { shop, body: placed.body };
}
const paymentIn = async ({ key }: Shop, orderId: string) =>
  (await http(stack, "GET", `/v1/orders/${orderId}`, { key })).body.payment;

test("a buyer scans the code, pays, and has the goods; a piece goes back; no secret and no payer is shown", async () => {
  expect(set).toMatchObject({ name: provider, protocol: "wechat" });
  expect(JSON.stringify(set)).not.toContain("PRIVATE KEY");
  const { shop, body } = await waiting({ flow: "native", payerIp: "203.0.113.7" }, 2);
  const { id, qr } = body.payment as { id: string; qr: string };
  expect(qr).toMatch(/^weixin:\/\/wxpay\//);
  expect(simulator.trade(id)).toMatchObject({ scene_info: { payer_client_ip: "203.0.113.7" } });
  expect(simulator.pay(id)).toBe(true);
  const sold = await orderIn(shop, body.id as string, "fulfilled");
  expect(sold.payment).toMatchObject({ id, state: "succeeded" });
  const goods = await http(stack, "GET", `/v1/orders/${body.id}/deliverables`, { key: shop.key });
  expect(goods.body.data).toHaveLength(2);
  const piece = ["--lines", "1", "--pieces", "1", "--reason", "one did not work"];
  expect(await json("orders", "refund", String(body.id), ...piece)).toMatchObject({ code: 0 });
  await eventually(async () => {
    const payment = await paymentIn(shop, body.id as string);
    return payment.refunded.amount === 1500 ? payment : undefined;
  }, "the money of one piece back at WeChat Pay");
  expect([simulator.holdsOf(id), simulator.refunds(id).length]).toEqual([1500, 1]);
});

test("a buyer inside WeChat pays by parameters that the merchant has signed", async () => {
  const { shop, body } = await waiting({ flow: "jsapi", openId: openid });
  const { id, parameters } = body.payment as { id: string; parameters: Record<string, string> };
  expect(parameters).toMatchObject({ appId: simulator.credentials.appId, signType: "RSA" });
  expect(simulator.trade(id)).toMatchObject({ type: "JSAPI", payer: { openid } });
  simulator.pay(id);
  await orderIn(shop, body.id as string, "fulfilled");
  const inspected = await operate(stack, { method: "GET", path: `/admin/v1/payments/${id}` });
  expect(JSON.stringify(inspected)).not.toContain(openid);
});

test("who pays after the order was cancelled is late: the money goes back, also if that takes WeChat Pay a while", async () => {
  const { shop, body } = await waiting({ flow: "native" });
  const { id } = body.payment as { id: string };
  const headers = { "Idempotency-Key": fresh() };
  await http(stack, "POST", `/v1/orders/${body.id}/cancel`, { key: shop.key, headers });
  await eventually(() => Promise.resolve(simulator.stateOf(id) === "CLOSED" ? true : undefined), "the trade closed");
  simulator.setRefunds("PROCESSING");
  simulator.payAllTheSame(id);
  const refund = await eventually(() => Promise.resolve(simulator.refunds(id)[0]), "the refund that was asked for");
  simulator.setRefunds("SUCCESS");
  expect(refund.amount).toMatchObject({ refund: 1500 });
  simulator.endRefund(refund.out_refund_no, "SUCCESS");
  const back = await eventually(async () => {
    const payment = await paymentIn(shop, body.id as string);
    return payment.refunded.amount > 0 ? payment : undefined;
  }, "the money given back");
  expect(back).toMatchObject({ state: "succeeded", refunded: money(1500) });
  expect(simulator.holdsOf(id)).toBe(0);
});

test("a forged, a probing and an old notice move nothing and are refused; a true one counts once however often it comes", async () => {
  const { shop, body } = await waiting({ flow: "native" });
  const { id } = body.payment as { id: string };
  const send = async ({ body: text, headers }: ReturnType<typeof simulator.notice>) =>
    (await fetch(named.notificationUrl, { method: "POST", body: text, headers })).status;
  for (const wrong of ["other_key", "probe", "old", "none", "new_key"] as const)
    expect(await send(simulator.notice(id, { wrong, lie: { trade_state: "SUCCESS" } }))).toBe(401);
  // A signed notice is a hint, too: nobody has paid.
  expect(await send(simulator.notice(id, { lie: { trade_state: "SUCCESS" } }))).toBe(200);
  expect(await paymentIn(shop, body.id as string)).toMatchObject({ state: "pending" });
  simulator.setSilent(true);
  simulator.pay(id);
  simulator.setSilent(false);
  const told = simulator.notice(id);
  for (let again = 0; again < 3; again++) expect(await send(told)).toBe(200);
  await orderIn(shop, body.id as string, "fulfilled");
  const goods = await http(stack, "GET", `/v1/orders/${body.id}/deliverables`, { key: shop.key });
  expect(goods.body.data).toHaveLength(1);
  expect(simulator.refunds(id)).toEqual([]);
});

test("what WeChat Pay can't do is refused by the field", async () => {
  const shop = await openShop(0);
  const { productId } = await stockProduct(stack, 1);
  const tried = async (payment: object) => {
    const lines = [{ productId, quantity: 1 }];
    const { status, body } = await order(shop, lines, fresh(), {
      payment: { method: "checkout", provider, ...payment },
    });
    return [status, body.errors?.[0]?.pointer];
  };
  expect(await tried({ flow: "page" })).toEqual([400, "/payment/flow"]);
  expect(await tried({ flow: "jsapi" })).toEqual([400, "/payment/openId"]);
  const { [Object.keys(simulator.credentials).at(-1) ?? ""]: _last, privateKey: _key, ...less } = simulator.credentials;
  const json = { ...named, credentials: { ...less, privateKey: "none" } };
  await expect(operate(stack, { method: "POST", path: "/admin/v1/payment-providers", json })).rejects.toThrow(
    "/credentials/privateKey",
  );
});
