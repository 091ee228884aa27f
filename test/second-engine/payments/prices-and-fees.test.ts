import { expect, test } from "vitest";
import { checkRetailFloor } from "../../../shared/catalog/floor.ts";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { readStatement } from "../../../shared/ledger/statement.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { openCheckout, paymentWrites } from "../../../shared/orders/checkout.ts";
import { draft } from "../../../shared/orders/draft.ts";
import { payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { moveOrder, putOrder } from "../../../shared/orders/table.ts";
import { otherEntries, wrongBooks } from "../../support/orders/books.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, codeProduct, giveMoney, openMarket, putOnSale, settleMoney } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import {
  checkOut,
  follow,
  lookAt,
  now,
  PROVIDER,
  waitingOrder,
  withPayments,
} from "../../support/payments/checkout-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Two prices: a buyer pays the retail price at checkout, we get the price, and the difference is the channel's, once. And of what was
// paid the provider keeps a fee, by the contract of the moment when the payment was written down.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator, setFees } = paying;
const AFTER_ALL = { ...deps, clock: () => new Date(Date.now() + 2_000_000) };

const balanceOf = async (channelId: string) => (await readAccount(deps, channelId, "CNY"))?.spendable;
const byCheckout = { method: "checkout", provider: PROVIDER, flow: "page" } as const;

test("what a buyer pays more than the price comes to the channel's balance with the sale, once, also if it had no account", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1, price: 100, retail: 150 });
  expect([order.total.amount, order.checkout, payment.amount.amount]).toMatchObject([
    100,
    { amount: 150, margin: 50 },
    150,
  ]);
  expect(await balanceOf(market.channelId)).toBeUndefined();
  simulator.pay(payment.id);
  await Promise.all([follow(deps, payment.id), follow(deps, payment.id)]);
  await follow(deps, payment.id);
  const sold = await now(deps, order.id);
  expect(sold.order).toMatchObject({ state: "fulfilled", lines: [{ unitPrice: 100, retailPrice: 150, net: 100 }] });
  await Promise.all([settleMoney(deps, order.id), settleMoney(deps, order.id)]);
  expect(await balanceOf(market.channelId)).toBe(50);
  const { balances } = await readStatement(deps, market.channelId);
  expect(balances).toMatchObject([{ movements: [{ kind: "sale", amount: 50 }] }]);
  expect(await violations(deps, { products: [market.productId], channels: [market.channelId] })).toEqual([]);
});

test("what goes back takes the margin with it, whatever the channel has done with it: then it owes that, and orders nothing", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 3, price: 100, retail: 350 });
  await setLanes(deps, { channelId: market.channelId, currency: "CNY" }, 3);
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  await settleMoney(deps, order.id);
  const lines = [{ productId: market.productId, quantity: 2 }];
  const spent = valueOf(await buy(deps, market.channelId, "spends it", lines)).order;
  await settleMoney(deps, spent.id);
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  await follow(deps, payment.id, "due");
  expect(simulator.refunds(payment.id).map(({ amount }) => amount)).toEqual([350]);
  expect(await balanceOf(market.channelId)).toBe(-200);
  expect((await now(deps, order.id)).order).toMatchObject({ state: "cancelled", refunded: 100 });
  const next = await buy(deps, market.channelId, "next", [{ productId: market.productId, quantity: 1 }]);
  expect(next).toMatchObject({ ok: false, code: "insufficient_funds" });
  await giveMoney(deps, market.channelId, 300);
  expect(await balanceOf(market.channelId)).toBe(100);
  valueOf(await buy(deps, market.channelId, "next", [{ productId: market.productId, quantity: 1 }]));
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("an order that its channel pays from its balance costs the price, and earns nothing", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 2, money: 200, retail: 130 });
  valueOf(await payOrder(deps, market.channelId, order.id));
  valueOf(await buy(deps, market.channelId, "at once", [{ productId: market.productId, quantity: 1 }]));
  simulator.pay(payment.id);
  expect(await follow(deps, payment.id)).toMatchObject({ returned: "second" });
  expect(await balanceOf(market.channelId)).toBe(0);
});

test("what was paid too late for codes that are gone goes back whole, and brings no margin", async () => {
  const { market, order, payment } = await waitingOrder(paying, { stock: 1, money: 100, retail: 130 });
  await lookAt(AFTER_ALL, order);
  valueOf(await buy(deps, market.channelId, "other", [{ productId: market.productId, quantity: 1 }]));
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  await follow(deps, payment.id);
  expect((await now(deps, order.id)).order).toMatchObject({ state: "refunded", refunded: 100 });
  expect(simulator.refunds(payment.id).map(({ amount }) => amount)).toEqual([130]);
  expect(await balanceOf(market.channelId)).toBe(0);
});

test("of a large order the missing pieces go back at their retail price, and the margin of the others is kept", async () => {
  const market = await openMarket(deps, { stock: 3, money: 0, price: 100, retail: 107 });
  const other = await codeProduct(deps, 200, 211);
  await putOnSale(deps, other, makeCodes(2));
  const lines = [
    { productId: market.productId, quantity: 3 },
    { productId: other, quantity: 2 },
  ];
  const { order, payment } = await checkOut(paying, market, "large", { lines, acceptLess: true });
  expect(order.checkout).toMatchObject({ amount: 743, margin: 43 });
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  // A person gives back one line of it, as a refund of some lines does.
  const { order: sold } = await now(deps, order.id);
  expect(sold.state).toBe("fulfilling");
  const unwinding = sold.lines.map((line, at) => (at === 0 ? ({ ...line, state: "unwinding" } as const) : line));
  const moved = await moveOrder(deps, sold, { state: "refunding", lines: unwinding });
  await advance(deps, moved.order);
  await follow(deps, payment.id);
  expect(simulator.refunds(payment.id).map(({ amount }) => amount)).toEqual([321]);
  expect(await balanceOf(market.channelId)).toBe(22);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("where a balance pays a part, the margin comes when its pending is booked, and goes back with the rest", async () => {
  const market = await openMarket(deps, { stock: 1, money: 100, price: 100, retail: 120 });
  const lines = [{ productId: market.productId, quantity: 1 }];
  const placed = valueOf(
    await placeOrder(deps, market.channelId, "mixed", { lines, payment: { method: "deferred" } }, {}),
  );
  const mixed = { checkout: { provider: PROVIDER, amount: 80, margin: 20 }, payments: 1 };
  const write = paymentWrites(deps, { ...placed, ...mixed });
  const moved = await moveOrder(deps, placed, { ...mixed, heldAt: undefined }, write);
  const { payment } = valueOf(await openCheckout(deps, await advance(deps, moved.order)));
  expect(await balanceOf(market.channelId)).toBe(60);
  simulator.pay(payment?.id ?? "");
  await follow(deps, payment?.id ?? "");
  for (let again = 0; again < 2; again++) await settleMoney(deps, placed.id);
  expect(await balanceOf(market.channelId)).toBe(80);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
  valueOf(await cancelOrder(deps, market.channelId, placed.id));
  await follow(deps, payment?.id ?? "");
  expect(simulator.refunds(payment?.id ?? "").map(({ amount }) => amount)).toEqual([80]);
  expect(await balanceOf(market.channelId)).toBe(100);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test.each([
  ["balance", { method: "balance" }],
  ["checkout", byCheckout],
] as const)(
  "an order of nothing, paid by %s, is sold at once, also to a channel without an account",
  async (method, payment) => {
    const market = await openMarket(deps, { stock: 1, money: 0 });
    const line = { id: "1", productId: market.productId, productVersion: 1, kind: "code", name: "Free" } as const;
    const asked = { requestHash: "hash", isOf: () => true };
    const nothing = { amount: 0, currency: "CNY" };
    const priced = { total: nothing, retailTotal: nothing, lines: [{ ...line, quantity: 1, unitPrice: 0, net: 0 }] };
    const of = {
      id: `ord_free_${method}`,
      channelId: market.channelId,
      asked,
      buyer: undefined,
      people: [],
      products: [],
      earlier: undefined,
    };
    const free = await draft(deps, { ...of, request: { lines: [], payment }, priced });
    expect(free).not.toHaveProperty("checkout");
    free.lines = free.lines.map((one) => ({ ...one, tickets: [] }));
    valueOf(
      await putOrder(deps, free).then((put) =>
        put.ok ? { ok: true as const, value: put } : { ok: false as const, code: "busy" as const, detail: "" },
      ),
    );
    const sold = await advance(deps, free);
    expect(sold).toMatchObject({ state: "fulfilled", fundedBy: ["nothing"] });
    expect(await balanceOf(market.channelId)).toBeUndefined();
    expect((await cancelOrder(deps, market.channelId, sold.id)).ok).toBe(true);
    expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
  },
);

test("a retail price is refused that is less than every source costs, as far as that is known", async () => {
  const cny = (amount: number) => ({ amount, currency: "CNY" });
  const source = (cost?: number) => ({
    supplierId: newId("sup"),
    supplierProductId: "p",
    ...(cost === undefined ? {} : { cost: cny(cost) }),
  });
  const product: NewProduct = { kind: "code", name: "Music", price: cny(100), retailPrice: cny(119) };
  const check = (sources: NewProduct["sources"]) =>
    checkRetailFloor(deps, { ...product, sources }, new Date(), "/change");
  const errors = [{ pointer: "/change/retailPrice/amount", message: "is less than every source costs" }];
  expect(await check([source(120), source(130)])).toMatchObject({ ok: false, code: "invalid_request", errors });
  for (const sources of [undefined, [source()], [source(120), source(119)], [{ stock: true } as const, source(120)]])
    expect(await check(sources)).toMatchObject({ ok: true });
});

test("a fee is booked with its payment, by the rate of the moment when that was written down, and a refund does not bring it back", async () => {
  await setFees(["1%", "CNY:0.6%+1"]);
  const { market, order, payment } = await waitingOrder(paying, { stock: 1, price: 1_000, retail: 1_250 });
  expect(payment.fee).toEqual({ ppm: 6_000, fixed: 1 });
  await setFees(["CNY:50%"]);
  simulator.pay(payment.id);
  await Promise.all([follow(deps, payment.id), follow(deps, payment.id)]);
  const legsOf = async (name: string) => (await otherEntries(deps)).find((one) => one.name === name)?.legs;
  expect(await legsOf(`payment:${payment.id}`)).toEqual([
    { account: `provider:${PROVIDER}`, amount: 1_241 },
    { account: `fees:${PROVIDER}`, amount: 9 },
    { account: `suspense:${PROVIDER}`, amount: -1_250 },
  ]);
  await settleMoney(deps, order.id);
  expect(await balanceOf(market.channelId)).toBe(250);
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  const { refunds } = await follow(deps, payment.id);
  expect(await legsOf(`repayment:${Object.keys(refunds)[0]}`)).toEqual([
    { account: `suspense:${PROVIDER}`, amount: 1_250 },
    { account: `provider:${PROVIDER}`, amount: -1_250 },
  ]);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("what was paid in another currency than was asked for goes back, and no fee is guessed", async () => {
  await setFees(["1%"]);
  const { payment } = await waitingOrder(paying, { stock: 1, price: 1_000 });
  simulator.pay(payment.id, 1_000, "USD");
  await follow(deps, payment.id);
  const booked = (await otherEntries(deps)).find((one) => one.name === `payment:${payment.id}`);
  expect(booked?.legs.map(({ amount }) => amount)).toEqual([1_000, -1_000]);
});
