import { expect, test } from "vitest";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { wrongBooks } from "../../support/orders/books.ts";
import { settleMoney } from "../../support/orders/market.ts";
import { now, PROVIDER } from "../../support/payments/checkout-shop.ts";
import { sums } from "../../support/payments/dispute-books.ts";
import { hear, look, paidOrder, settleDown, stored, withDisputes } from "../../support/payments/dispute-shop.ts";
import { DISPUTE_FEE } from "../../support/payments/dispute-simulator.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What a payer, or the bank, disputes: the books follow the provider's, and nobody is paid twice.

const { deps: ground } = await sceneGround();
const shop = await withDisputes(ground);
const { deps, simulator, told } = shop;
const { disputes } = simulator;
const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
const HOUR = 3600;

/** What the entries of one dispute sum to, by account. */
const booked = async (id: string) => sums(deps, (name) => name.startsWith(`dispute:${id}#`));

test("an inquiry moves nothing, and evidence that goes by itself answers it once", async () => {
  const { paymentId } = await paidOrder(shop);
  const name = simulator.dispute(paymentId, { state: "inquiry", answerWithin: 13 * HOUR });
  const seen = await hear(deps, name);
  expect(seen).toMatchObject({ state: "inquiry", isAnswered: false, booked: { pending: 0, fee: 0 }, entries: 0 });
  // It is not time yet.
  await look(deps, name);
  expect(disputes.evidenceFor(name)).toEqual([]);
  await look(later(2 * HOUR), name);
  await look(later(2 * HOUR), name);
  await hear(later(2 * HOUR), name);
  expect(disputes.evidenceFor(name)).toHaveLength(1);
  expect(disputes.evidenceFor(name)[0]?.text).toContain("from 198.51.100.7");
  expect(await stored(deps, name)).toMatchObject({ state: "inquiry_answered", answer: { by: "rule", state: "sent" } });
  disputes.set(name, "inquiry_closed");
  await hear(deps, name);
  const over = await stored(deps, name);
  expect(over).toMatchObject({ state: "inquiry_closed", entries: 0 });
  expect(over.dueAt).toBeUndefined();
  expect(told.filter((one) => one.startsWith("dispute.changed"))).toHaveLength(3);
});

test("a dispute takes amount and fee from what the provider holds; won, the amount comes back, and the fee only if it says so", async () => {
  const { market, paymentId } = await paidOrder(shop);
  const name = simulator.dispute(paymentId);
  const { id } = (await hear(deps, name)) ?? {};
  const open = { [`disputed:${PROVIDER}`]: 100, [`fees:${PROVIDER}`]: DISPUTE_FEE, [`provider:${PROVIDER}`]: -115 };
  expect(await booked(id ?? "")).toEqual(open);
  await Promise.all([hear(deps, name), hear(deps, name)]);
  expect(await booked(id ?? "")).toEqual(open);
  // The bank decides, and the money comes later.
  disputes.decide(name, "won", { isMoneyLate: true });
  await hear(deps, name);
  expect(await stored(deps, name)).toMatchObject({ state: "won", dueAt: expect.any(String) as string });
  expect(await booked(id ?? "")).toEqual(open);
  disputes.reinstate(name);
  await look(later(7 * HOUR), name);
  const over = await stored(deps, name);
  expect(over.dueAt).toBeUndefined();
  expect(await booked(id ?? "")).toEqual({ [`fees:${PROVIDER}`]: DISPUTE_FEE, [`provider:${PROVIDER}`]: -DISPUTE_FEE });
  disputes.decide(name, "won", { isFeeBack: true });
  await hear(deps, name);
  expect(await booked(id ?? "")).toEqual({});
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("what is lost is our loss without the channel's margin, which goes back; and goods that were seen stay delivered", async () => {
  const { market, order, paymentId } = await paidOrder(shop, { price: 100, retail: 130 });
  const name = simulator.dispute(paymentId);
  const { id } = (await hear(deps, name)) ?? {};
  disputes.decide(name, "lost");
  await hear(deps, name);
  expect(await stored(deps, name)).toMatchObject({ state: "lost", goods: "kept", entries: 2 });
  expect(await booked(id ?? "")).toEqual({
    "platform:losses": 100,
    [`channel:${market.channelId}`]: 30,
    [`fees:${PROVIDER}`]: DISPUTE_FEE,
    [`provider:${PROVIDER}`]: -145,
  });
  expect((await now(deps, order.id)).order.state).toBe("fulfilled");
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
  // Lost twice, and a bank that changes its mind afterwards.
  await hear(deps, name);
  disputes.reinstate(name);
  await hear(deps, name);
  expect(await booked(id ?? "")).toEqual({ [`fees:${PROVIDER}`]: DISPUTE_FEE, [`provider:${PROVIDER}`]: -DISPUTE_FEE });
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("a lost payment whose goods nobody has seen takes them back: nothing is lost but the fee, and the payer is paid once", async () => {
  const { market, order, paymentId } = await paidOrder(shop, { price: 100, retail: 130, isSeen: false });
  const name = simulator.dispute(paymentId);
  disputes.decide(name, "lost");
  const { id } = (await hear(deps, name)) ?? {};
  await settleDown(deps, paymentId);
  const after = await now(deps, order.id);
  expect(after.order.state).toBe("cancelled");
  expect(Object.values(after.payment.refunds)).toMatchObject([{ amount: 130, state: "charged_back" }]);
  expect(after.payment.dueAt).toBeUndefined();
  expect(simulator.refunds(paymentId)).toEqual([]);
  expect(await stored(deps, name)).toMatchObject({ goods: "back" });
  expect(await booked(id ?? "")).toEqual({
    [`suspense:${PROVIDER}`]: 130,
    [`fees:${PROVIDER}`]: DISPUTE_FEE,
    [`provider:${PROVIDER}`]: -145,
  });
  await settleMoney(deps, order.id);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("a refund waits while its money is disputed; it goes to the payer if we win", async () => {
  const { market, order, paymentId } = await paidOrder(shop, { isSeen: false });
  const name = simulator.dispute(paymentId);
  await hear(deps, name);
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  await settleDown(deps, paymentId);
  expect(simulator.refunds(paymentId)).toEqual([]);
  expect(Object.values((await now(deps, order.id)).payment.refunds)).toMatchObject([{ state: "requested" }]);
  disputes.decide(name, "won");
  await hear(deps, name);
  await settleDown(deps, paymentId);
  expect(simulator.refunds(paymentId)).toMatchObject([{ amount: 100, state: "refunded" }]);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});

test("a refund that was on its way when the payer disputed it is found paid by the dispute that is lost", async () => {
  const { market, order, paymentId } = await paidOrder(shop, { isSeen: false });
  valueOf(await cancelOrder(deps, market.channelId, order.id));
  const name = simulator.dispute(paymentId);
  // We ask for the refund before we have heard of the dispute: the provider refuses, and a person has it.
  await settleDown(deps, paymentId);
  expect(Object.values((await readPayment(deps, paymentId))?.refunds ?? {})).toMatchObject([
    { state: "refused", reason: "disputed" },
  ]);
  await hear(deps, name);
  disputes.decide(name, "lost");
  await hear(deps, name);
  await settleDown(deps, paymentId);
  expect(Object.values((await readPayment(deps, paymentId))?.refunds ?? {})).toMatchObject([{ state: "charged_back" }]);
});
