import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { buy, giveMoney } from "../../support/orders/market.ts";
import { follow, lookAt, now, waitingOrder, withPayments } from "../../support/payments/checkout-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// The codes of an order whose buyer pays at a provider are kept until none of its payments can be made any more.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator } = paying;
const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
const JUST_OVER = later(LIMITS.unpaidSeconds + 5);
const LONG_OVER = later(LIMITS.unpaidSeconds + LIMITS.unknownPaymentSeconds + 5);

async function waiting() {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1 });
  await giveMoney(deps, market.channelId, 1000);
  const other = (key: string) =>
    buy(deps, market.channelId, key, [{ productId: market.productId, quantity: 1 }]).then(({ ok }) => ok);
  return { order, payment, other, stateNow: async () => (await now(deps, order.id)).order.state };
}

test("a buyer who paid in the last second has the very codes, although nobody told us in time", async () => {
  const { order, payment, other, stateNow } = await waiting();
  simulator.setSilent(true);
  simulator.pay(payment.id);
  // Somebody looks at the order before anybody has looked at the payment.
  await lookAt(JUST_OVER, order);
  expect(await stateNow()).toBe("awaiting_payment");
  expect(await other("other")).toBe(false);
  await follow(JUST_OVER, payment.id, "due");
  expect((await now(deps, order.id)).order).toMatchObject({
    state: "fulfilled",
    fundedBy: expect.arrayContaining([payment.id]) as string[],
  });
});

test("codes go back on sale as soon as the provider has closed the payment, and not ten minutes later", async () => {
  const { payment, other, stateNow } = await waiting();
  await follow(JUST_OVER, payment.id, "due");
  expect(simulator.stateOf(payment.id)).toBe("closed");
  expect(await stateNow()).toBe("expired");
  expect(await other("other")).toBe(true);
});

test("a provider that can't say keeps the codes ten minutes longer, and then a person is told", async () => {
  const { order, payment, other, stateNow } = await waiting();
  simulator.setDown(true);
  let told = 0;
  const telling = (on: typeof deps) => ({ ...on, onUnknown: () => (told += 1) });
  await follow(telling(JUST_OVER), payment.id, "due");
  await lookAt(JUST_OVER, order);
  expect([await stateNow(), await other("early"), told]).toEqual(["awaiting_payment", false, 0]);
  await follow(telling(LONG_OVER), payment.id, "due");
  expect([await stateNow(), await other("late"), told]).toEqual(["expired", true, 1]);
  // The provider is back, and somebody has paid: there is no code any more, so the money goes back.
  simulator.setDown(false);
  simulator.payAllTheSame(payment.id);
  for (let look = 0; look < 3; look++) await follow(deps, payment.id);
  expect((await now(deps, order.id)).order.state).toBe("refunded");
  expect(simulator.holdsOf(payment.id)).toBe(0);
});
