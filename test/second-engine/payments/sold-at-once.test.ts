import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { giveBack } from "../../../shared/inventory/give-back.ts";
import { readSlots } from "../../../shared/inventory/slots.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Entry } from "../../../shared/ledger/entries.ts";
import { laterKey } from "../../../shared/ledger/table.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { type Order, ticketsOf } from "../../../shared/orders/model.ts";
import { beginPayment, payOrder } from "../../../shared/orders/pay.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import { before, fallAsleep, meanwhile } from "../../support/faults/meanwhile.ts";
import { otherEntries } from "../../support/orders/books.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { follow, now, PROVIDER, waitingOrder, withPayments } from "../../support/payments/checkout-shop.ts";
import { wrongPayments } from "../../support/payments/paid-audit.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// An order whose codes are held is sold in one write of its own. Its slots are sold a moment before, and what was paid is booked and noted a
// moment after: whatever happens in between, it is delivered or goes back, is booked once, and no code is lost.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator } = paying;
const longAfter = {
  ...deps,
  clock: () => new Date(Date.now() + (LIMITS.unpaidSeconds + LIMITS.unknownPaymentSeconds + 5) * 1000),
};

type Scene = Awaited<ReturnType<typeof waitingOrder>>;

/** A buyer has paid, and nobody has heard of it yet. The channel earns something by each sale, and has money of its own. */
async function paidOrder(stock = 2): Promise<Scene> {
  const scene = await waitingOrder(paying, { stock, money: 1_000, retail: 137 });
  simulator.pay(scene.payment.id);
  return scene;
}

/** The state of the order when all is quiet, and everything that is wrong then. */
async function endOf({ market, order, payment }: Scene): Promise<string[]> {
  for (let look = 0; look < 3; look++) await follow(deps, payment.id, "changed");
  await settleMoney(deps, order.id);
  await sweepUntilQuiet(deps, market.productId);
  const after = await now(deps, order.id);
  const orders = [order.id, orderIdFor(market.channelId, "other")];
  const scope = { products: [market.productId], channels: [market.channelId], orders };
  return [
    after.order.state,
    ...(await violations(deps, scope)),
    ...(await wrongPayments(deps, simulator, [after.order])),
  ];
}

const booked = async ({ payment }: Scene): Promise<Entry[]> =>
  (await otherEntries(deps)).filter(({ name }) => name === `payment:${payment.id}`);

const slotOf = async (order: Order) => (await readSlots(deps, ticketsOf(order.lines)))[0];

test("before the order is moved nothing is booked or noted; the slot that was sold stays the order's", async () => {
  const scene = await paidOrder();
  await fallAsleep(deps, before.thePaidSale, (on) => follow(on, scene.payment.id));
  const asleep = await now(deps, scene.order.id);
  expect([asleep.order.state, asleep.payment.state]).toEqual(["awaiting_payment", "pending"]);
  expect(asleep.payment.dueAt).toBeDefined();
  expect(await booked(scene)).toEqual([]);
  expect(await slotOf(asleep.order)).toMatchObject({ state: "sold", orderId: scene.order.id });
  await follow(deps, scene.payment.id, "news");
  const sold = await now(deps, scene.order.id);
  expect(sold.order).toMatchObject({ state: "fulfilled", version: asleep.order.version + 1 });
  expect(sold.payment).toMatchObject({ state: "succeeded", counted: true, version: asleep.payment.version + 1 });
  expect(sold.payment).not.toHaveProperty("dueAt");
  expect(await endOf(scene)).toEqual(["fulfilled"]);
});

test("what was sold and neither booked nor noted is due, and the next look does both, without the provider and whatever came in between", async () => {
  for (const moment of [before.aPaymentIsBooked, before.aPaidPaymentIsNoted])
    for (const meantime of ["nothing", "cancelled", "over"] as const) {
      const scene = await paidOrder();
      await fallAsleep(deps, moment, (on) => follow(on, scene.payment.id));
      const asleep = await now(deps, scene.order.id);
      expect([asleep.order.state, asleep.payment.state]).toEqual(["fulfilled", "pending"]);
      if (meantime === "cancelled") valueOf(await cancelOrder(deps, scene.market.channelId, scene.order.id));
      const asked = simulator.calls().length;
      const noted = await follow(meantime === "over" ? longAfter : deps, scene.payment.id, "changed");
      expect(noted).toMatchObject({ state: "succeeded", counted: true });
      // Of a cancelled one the money goes back.
      const mayAsk = meantime === "cancelled" ? simulator.calls().length : asked;
      expect(simulator.calls().length).toBe(mayAsk);
      expect(await booked(scene)).toHaveLength(1);
      expect(await endOf(scene)).toEqual([meantime === "cancelled" ? "cancelled" : "fulfilled"]);
    }
});

test("what is booked on a later day than it was sold counts on that day, and is found there, also if that takes two", async () => {
  const scene = await paidOrder();
  await fallAsleep(deps, before.aPaymentIsBooked, (on) => follow(on, scene.payment.id));
  const nextDay = { ...deps, clock: () => new Date(Date.now() + 24 * 3_600_000) };
  const day = nextDay.clock().toISOString().slice(0, 10);
  await fallAsleep(nextDay, before.aPaidPaymentIsNoted, (on) => follow(on, scene.payment.id, "changed"));
  const [entry] = await booked(scene);
  expect(entry?.day).toBe(day);
  const Key = laterKey({ owner: "platform", currency: "CNY" }, entry as Entry);
  expect((await deps.db.send(new GetCommand({ TableName: deps.tables.ledger, Key }))).Item).toBeDefined();
  await follow(longAfter, scene.payment.id, "changed");
  expect(await booked(scene)).toEqual([entry]);
  expect(await endOf(scene)).toEqual(["fulfilled"]);
});

test("one who took the order for unpaid does not book again what its seller has booked and not noted yet", async () => {
  const scene = await paidOrder();
  const late = { ...deps, clock: () => new Date(Date.parse(scene.payment.expiresAt) + 1) };
  const sell = () => fallAsleep(deps, before.aPaidPaymentIsNoted, (on) => follow(on, scene.payment.id));
  await follow(meanwhile(late, before.aPaymentIsBookedAndNoted, sell), scene.payment.id);
  // It is the seller's entry that stands: the other one's clock is past the end of the payment.
  const [entry, ...others] = await booked(scene);
  expect([(entry?.bookedAt ?? "") < scene.payment.expiresAt, others]).toEqual([true, []]);
  expect(await endOf(scene)).toEqual(["fulfilled"]);
});

test("an order that is cancelled at that moment is not sold: code and money go back", async () => {
  const scene = await paidOrder(1);
  const cancel = () => cancelOrder(deps, scene.market.channelId, scene.order.id);
  const payment = await follow(meanwhile(deps, before.thePaidSale, cancel), scene.payment.id);
  expect(payment).toMatchObject({ state: "succeeded", returned: "order_over" });
  expect(await endOf(scene)).toEqual(["cancelled"]);
});

test("an order that expires at that moment is sold all the same, with the code that is there then", async () => {
  const scene = await paidOrder(1);
  const expire = async () => advance(longAfter, (await now(deps, scene.order.id)).order);
  await follow(meanwhile(deps, before.thePaidSale, expire), scene.payment.id);
  expect(await endOf(scene)).toEqual(["fulfilled"]);
});

test("an order that its channel pays at that moment is sold once, and the buyer's money goes back", async () => {
  const scene = await paidOrder(1);
  const pay = () => payOrder(deps, scene.market.channelId, scene.order.id);
  const payment = await follow(meanwhile(deps, before.thePaidSale, pay), scene.payment.id);
  expect(payment).toMatchObject({ returned: "second" });
  expect(await endOf(scene)).toEqual(["fulfilled"]);
});

test("another payment that is begun at that moment changes nothing: the first that is paid counts", async () => {
  const scene = await paidOrder(1);
  const by = { method: "checkout", provider: PROVIDER, flow: "qr" } as const;
  const begin = () => beginPayment(deps, scene.market.channelId, scene.order.id, by);
  await follow(meanwhile(deps, before.thePaidSale, begin), scene.payment.id);
  expect((await now(deps, scene.order.id)).order).toMatchObject({
    fundedBy: expect.arrayContaining([scene.payment.id]) as string[],
    payments: 2,
  });
  await follow(deps, (await now(deps, scene.order.id, 2)).payment.id, "changed");
  expect(await endOf(scene)).toEqual(["fulfilled"]);
});

test("two who hear of it at once sell it once", async () => {
  const scene = await paidOrder(1);
  const other = () => follow(deps, scene.payment.id);
  await follow(meanwhile(deps, before.thePaidSale, other), scene.payment.id);
  expect(await endOf(scene)).toEqual(["fulfilled"]);
});

test("a code that a helper with another clock gave back is replaced; without another one the money goes back", async () => {
  for (const [stock, state] of [
    [2, "fulfilled"],
    [1, "refunded"],
  ] as const) {
    const scene = await paidOrder(stock);
    const { channelId, productId } = scene.market;
    for (const ticket of ticketsOf(scene.order.lines)) await giveBack(deps, ticket, { orderId: scene.order.id });
    valueOf(await buy(deps, channelId, "other", [{ productId, quantity: 1 }]));
    await follow(deps, scene.payment.id);
    await settleMoney(deps, orderIdFor(channelId, "other"));
    expect(await endOf(scene)).toEqual([state]);
  }
});
