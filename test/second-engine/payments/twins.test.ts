import { expect, test } from "vitest";
import { openCheckout } from "../../../shared/orders/checkout.ts";
import { draft } from "../../../shared/orders/draft.ts";
import { beginPayment } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { orderPaymentId } from "../../../shared/payments/model.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { before, meanwhile } from "../../support/faults/meanwhile.ts";
import { wrongBooks } from "../../support/orders/books.ts";
import { openMarket } from "../../support/orders/market.ts";
import { checkOut, follow, lookAt, now, PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Requests of one key at once, and orders of whole runs of codes, that are paid at a provider.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator } = paying;
const AFTER_ALL = { ...deps, clock: () => new Date(Date.now() + 2_000_000) };

test("twins of one key begin one payment, and it is paid once", async () => {
  const market = await openMarket(deps, { stock: 2, money: 0 });
  const twins = await Promise.all([1, 2, 3].map(() => checkOut(paying, market, "key")));
  expect(new Set(twins.map(({ payment }) => payment.id)).size).toBe(1);
  const [{ order, payment }] = twins as [(typeof twins)[number]];
  simulator.pay(payment.id);
  await Promise.all([1, 2, 3].map(() => follow(deps, payment.id)));
  expect((await now(deps, order.id)).order).toMatchObject({
    state: "fulfilled",
    fundedBy: expect.arrayContaining([payment.id]) as string[],
  });
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("of twins that want to pay in different ways one stands, and a payment is begun only if that one has it", async () => {
  for (let round = 0; round < 5; round++) {
    const market = await openMarket(deps, { stock: 2, money: 1_000 });
    const lines = [{ productId: market.productId, quantity: 1 }];
    const bodies: NewOrder[] = [
      { lines, payment: { method: "balance" } },
      { lines, payment: { method: "checkout", provider: PROVIDER, flow: "page" } },
    ];
    const placed = await Promise.all(bodies.map((body) => placeOrder(deps, market.channelId, "key", body, {})));
    expect(placed.filter(({ ok }) => ok)).toHaveLength(1);
    const id = orderIdFor(market.channelId, "key");
    const isByProvider = (await readOrder(deps, id))?.checkout !== undefined;
    const paymentId = orderPaymentId(id, 1, 1);
    if (!isByProvider) continue;
    expect(await readPayment(deps, paymentId)).toMatchObject({ state: "created" });
  }
});

test("a payment of a twin that lost is never begun: it waits for its time, and another one is begun in its place", async () => {
  const market = await openMarket(deps, { stock: 2, money: 0 });
  const lines = [{ productId: market.productId, quantity: 1 }];
  const place = (on: typeof deps, payment: NewOrder["payment"]) =>
    placeOrder(on, market.channelId, "key", { lines, payment }, {});
  const byProvider = { method: "checkout", provider: PROVIDER, flow: "page" } as const;
  const first = async (): Promise<void> => void valueOf(await place(deps, { method: "deferred" }));
  expect(await place(meanwhile(deps, before.anOrderIsPut, first), byProvider)).toMatchObject({ ok: false });
  const id = orderIdFor(market.channelId, "key");
  const orphan = await follow(deps, orderPaymentId(id, 1, 1), "changed");
  expect(orphan).toMatchObject({ state: "created", asked: 1 });
  const begun = valueOf(await beginPayment(deps, market.channelId, id, { ...byProvider, flow: "qr" }));
  const { payment } = valueOf(await openCheckout(deps, begun));
  expect(payment).toMatchObject({ id: orphan.id, state: "pending", flow: "qr" });
  simulator.pay(orphan.id);
  await follow(deps, orphan.id);
  expect((await readOrder(deps, id))?.state).toBe("fulfilled");
});

test("an order of whole runs goes on to its workflow when it was paid; one that was paid too late gives the money back", async () => {
  const market = await openMarket(deps, { stock: 4, money: 0 });
  const lines = [{ productId: market.productId, quantity: 2 }];
  const [sold, late] = [
    await checkOut(paying, market, "sold", { lines, acceptLess: true }),
    await checkOut(paying, market, "late", { lines, acceptLess: true }),
  ];
  simulator.pay(sold.payment.id);
  await follow(deps, sold.payment.id);
  expect((await now(deps, sold.order.id)).order).toMatchObject({
    state: "fulfilling",
    fundedBy: expect.arrayContaining([sold.payment.id]) as string[],
  });
  await lookAt(AFTER_ALL, late.order);
  simulator.payAllTheSame(late.payment.id);
  await follow(deps, late.payment.id);
  const after = await now(deps, late.order.id);
  expect([after.order.state, after.payment.returned]).toEqual(["expired", "order_over"]);
  expect(simulator.holdsOf(late.payment.id)).toBe(0);
});

test("an order of nothing to pay needs no payment", async () => {
  const payment = { method: "checkout", provider: PROVIDER, flow: "page" } as const;
  const asked = { requestHash: "hash", isOf: () => true };
  const nothing = { amount: 0, currency: "CNY" };
  const priced = { total: nothing, retailTotal: nothing, lines: [] };
  const of = {
    id: "ord_free",
    channelId: "chan_1",
    asked,
    buyer: undefined,
    people: [],
    products: [],
    earlier: undefined,
  };
  const free = await draft(deps, { ...of, request: { lines: [], payment }, priced });
  expect(free).toMatchObject({ state: "open", total: { amount: 0 } });
  expect(free).not.toHaveProperty("checkout");
});
