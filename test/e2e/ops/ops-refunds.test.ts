import { afterAll, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { beanCheck } from "../../support/ledger/bean-check.ts";
import { terminal } from "../../support/ops/ops.ts";
import {
  available,
  countStock,
  eventually,
  http,
  openShop,
  order,
  type Shop,
  stockProduct,
} from "../../support/orders/shop.ts";
import { startPaymentSimulator } from "../../support/payments/payment-simulator.ts";
import { providerOn } from "../../support/payments/provider-on.ts";

// Delivered orders given back on the command line, piece by piece, whoever has paid; and a refund that its provider can't make.

const stack = deployedStack();
const simulator = await startPaymentSimulator();
afterAll(() => simulator.stop());
const { provider } = await providerOn(stack, "simulated", simulator);

const see = async ({ key }: Shop, id: string) => (await http(stack, "GET", `/v1/orders/${id}`, { key })).body;
const { json, raw, stackFile } = terminal(stack);
const refund = (id: string, ...more: string[]) => json("orders", "refund", id, "--reason", "it did not work", ...more);

/** An order that its buyer has paid at the provider and looked at. */
async function paidOutside(quantity: number) {
  const shop = await openShop(0);
  const { productId } = await stockProduct(stack, quantity, 1500, 1800);
  const payment = { method: "checkout", provider };
  const { body } = await order(shop, [{ productId, quantity }], crypto.randomUUID(), { payment });
  const { id: paymentId, url } = body.payment as { id: string; url: string };
  await fetch(url, { method: "POST" });
  const goods = await eventually(async () => {
    const shown = await http(stack, "GET", `/v1/orders/${body.id}/deliverables`, { key: shop.key });
    return shown.status === 200 && shown.body.data.length === quantity ? shown.body.data : undefined;
  }, "the goods of the order that was paid");
  return { shop, productId, id: body.id as string, paymentId, goods };
}

/** Waits until the provider has given so much back. */
const untilBack = (shop: Shop, id: string, amount: number) =>
  eventually(async () => {
    const shown = await see(shop, id);
    return shown.payment.refunded.amount === amount ? shown : undefined;
  }, `${amount} of ${id} back at the provider`);

test("an order that a balance paid goes back by piece until nothing is left; its codes are void, and the books add up", async () => {
  const shop = await openShop(3_000);
  const { productId } = await stockProduct(stack, 2);
  const { body } = await order(shop, [{ productId, quantity: 2 }]);
  const id = body.id as string;
  expect((await refund(id, "--lines", "1", "--pieces", "1")).value).toMatchObject({
    state: "fulfilled",
    refunded: 1500,
  });
  expect(await see(shop, id)).toMatchObject({
    state: "fulfilled",
    refunded: { amount: 1500 },
    lines: [{ state: "fulfilled", quantity: 2, refunded: { pieces: 1, amount: { amount: 1500, currency: "CNY" } } }],
  });
  expect((await http(stack, "GET", `/v1/orders/${id}/deliverables`, { key: shop.key })).body.data).toHaveLength(1);
  expect(await refund(id)).toMatchObject({ code: 0, value: { state: "refunded", refunded: 3000 } });
  expect(await available(shop)).toBe(3_000);
  expect(await countStock(stack, productId)).toMatchObject({ available: 0, sold: 0, void: 2 });
  expect(await refund(id)).toMatchObject({ code: 1, value: { code: "not_refundable" } });
});

test("an order that its buyer paid at a provider goes back there by piece until nothing is left, with the channel's margin", async () => {
  const { shop, id, paymentId } = await paidOutside(2);
  expect((await refund(id, "--pieces", "1")).value).toMatchObject({ state: "fulfilled", refunded: 1500 });
  await untilBack(shop, id, 1800);
  expect((await refund(id, "--pieces", "1")).value).toMatchObject({ state: "refunded", refunded: 3000 });
  await untilBack(shop, id, 3600);
  expect(simulator.holdsOf(paymentId)).toBe(0);
  expect(await available(shop)).toBe(0);
});

test("a refund that came to nothing after it was done waits for a person, who pays it in another way; the books are accepted by Beancount", async () => {
  const { shop, id, paymentId } = await paidOutside(1);
  await refund(id);
  await untilBack(shop, id, 1800);
  const [made] = simulator.refunds(paymentId);
  simulator.turnRefund(paymentId, made?.reference ?? "", "failed");
  const review = await eventually(async () => {
    const { code, value } = await json("reviews", "show", id);
    return code === 0 ? value.review : undefined;
  }, "the review of the order");
  expect(review).toMatchObject({ reason: "refund_refused", state: "refunded", refundId: made?.reference });
  const settle = ["payments", "settle-refund", paymentId, "--refund", made?.reference ?? "", "--reason", "by transfer"];
  const { value } = await json(...settle);
  expect(value.refunds).toMatchObject([{ state: "paid_elsewhere", bounced: 1 }]);
  expect((await json("reviews", "show", id)).value).toMatchObject({ code: "not_found" });
  const trail = (await json("audit", "list", id)).value.data as { action: string; what: object }[];
  expect(trail[0]).toMatchObject({ action: "refund_paid_elsewhere", what: { reason: "by transfer", amount: 1800 } });
  expect(await json("ledger", "verify")).toMatchObject({ code: 0, value: { differences: [] } });
  const book = await raw("ledger", "export", "--format", "beancount", "--stack", stackFile);
  for (const cause of ["repayment", "bounce", "elsewhere"])
    expect(book.stdout).toContain(`${cause}:${made?.reference}`);
  expect(await beanCheck(book.stdout)).toEqual({ code: 0, says: "" });
});
