import { expect, test } from "vitest";
import { createChannel, setReturnHosts } from "../../../shared/channels/keys.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { openCheckout } from "../../../shared/orders/checkout.ts";
import { beginPayment } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { openMarket } from "../../support/orders/market.ts";
import { checkOut, follow, PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { AMOUNTS } from "../../support/payments/payment-simulator.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What a request says of how its buyer pays: checked before anything is written, told to the provider, and then forgotten.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator } = paying;
const checkout = (more: object) => ({ method: "checkout", provider: PROVIDER, ...more }) as NewOrder["payment"];

test("a provider that is not there, a flow that it doesn't have, and a host that nobody allowed are refused by name", async () => {
  const { productId } = await openMarket(deps, { stock: 1, money: 0 });
  const { id: channelId } = valueOf(await createChannel(deps, { name: "Shop" }, newId("evt"), new Date()));
  await setReturnHosts(deps, channelId, ["shop.example.com"]);
  const lines = [{ productId, quantity: 1 }];
  const wrong: [NewOrder["payment"], string][] = [
    [checkout({ provider: "nobody" }), "/payment/provider"],
    [checkout({ flow: "jsapi" }), "/payment/flow"],
    [checkout({ returnUrl: "https://other.example.com/thanks" }), "/payment/returnUrl"],
    [checkout({ returnUrl: "https://shop.example.com:8443/thanks" }), "/payment/returnUrl"],
  ];
  for (const [payment, pointer] of wrong)
    expect(await placeOrder(deps, channelId, "key", { lines, payment }, {})).toMatchObject({
      ok: false,
      code: "invalid_request",
      errors: [{ pointer }],
    });
  const payment = checkout({ returnUrl: "https://shop.example.com/thanks?order=1" });
  expect(valueOf(await placeOrder(deps, channelId, "key", { lines, payment }, {}))).toMatchObject({
    state: "awaiting_payment",
    checkout: { provider: PROVIDER, flow: "page" },
  });
});

test("what is said of the payer is kept until the provider has said where to pay, also if its answer was lost", async () => {
  const market = await openMarket(deps, { stock: 1, money: 0, price: AMOUNTS.lostAnswer });
  const payer = { payerIp: "192.0.2.7", openId: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" };
  const payment = checkout(payer);
  const begun = await checkOut(paying, market, "key", { payment });
  expect(begun.payment).toMatchObject({ state: "created", description: "Test code", ...payer });
  // Somebody asks before the request is repeated: the provider knows of it, and we still don't know where it is paid.
  await follow(deps, begun.payment.id);
  expect(await readPayment(deps, begun.payment.id)).toMatchObject({ state: "pending", ...payer });
  const again = valueOf(await openCheckout(deps, begun.order));
  expect(again.payment).toMatchObject({ state: "pending", checkout: { url: expect.any(String) as string } });
  const kept = await readPayment(deps, begun.payment.id);
  expect(kept).not.toHaveProperty("payerIp");
  expect(kept).not.toHaveProperty("openId");
  const started = simulator.calls().filter((call) => call === "POST /v1/payments");
  expect(started.length).toBeGreaterThan(1);
});

test("the same wish again is the payment that was begun; of another payer it is another one", async () => {
  const market = await openMarket(deps, { stock: 1, money: 0 });
  const { order } = await checkOut(paying, market, "key", { payment: checkout({ payerIp: "192.0.2.7" }) });
  const by = { method: "checkout", provider: PROVIDER } as const;
  const begin = (payerIp: string) => beginPayment(deps, market.channelId, order.id, { ...by, payerIp });
  expect(valueOf(await begin("192.0.2.7")).payments).toBe(1);
  expect(valueOf(await begin("192.0.2.8")).payments).toBe(2);
  expect(valueOf(await begin("192.0.2.8")).payments).toBe(2);
});
