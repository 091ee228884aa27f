import { expect, test } from "vitest";
import type { Charge } from "../../../../shared/payments/contract.ts";
import { startBadLine } from "../../../support/faults/bad-line.ts";
import { begun, chargeFor, methodFor, refundOf, withStripe } from "../../../support/payments/stripe/stripe-payments.ts";

const shop = await withStripe();
const { simulator, stripe } = shop;
const EXPIRE = "post /v1/checkout/sessions/{session}/expire";
const REFUND = "post /v1/refunds";
/** As it is when its start was never answered. */
const nameless = ({ providerPaymentId: _unknown, ...charge }: Charge): Charge => charge;

test("what was paid is told in our minor units, by Stripe's name for the session, with the time of the charge", async () => {
  const charge = await begun(shop, chargeFor(500, "ISK"));
  const { id, paidAt = 0 } = simulator.session(charge.id);
  const at = new Date(paidAt * 1000).toISOString();
  const received = { providerPaymentId: id, amount: 500, currency: "ISK", at };
  expect(await stripe.query(charge)).toEqual({ kind: "paid", received });
});

test.each([
  ["too little", 1499, "cny", 1499, "CNY"],
  ["too much", 1501, "cny", 1501, "CNY"],
  ["in another currency", 1500, "usd", 1500, "USD"],
])("what was paid %s is told as it is", async (_how, amount, theirs, told, currency) => {
  const charge = await begun(shop, chargeFor(1500), false);
  simulator.pay(charge.id, amount, theirs);
  expect(await stripe.query(charge)).toMatchObject({ kind: "paid", received: { amount: told, currency } });
  // All of it goes back, in the currency in which it came.
  expect(await stripe.refund(charge, refundOf(charge, told))).toMatchObject({ kind: "refunded" });
  expect(simulator.holdsOf(charge.id)).toBe(0);
});

test("what was paid in another unit goes back in that unit", async () => {
  const charge = await begun(shop, chargeFor(1500), false);
  simulator.pay(charge.id, 50_000, "isk");
  expect(await stripe.query(charge)).toMatchObject({ kind: "paid", received: { amount: 500, currency: "ISK" } });
  expect((await stripe.refund(charge, refundOf(charge, 200))).kind).toBe("refunded");
  expect(simulator.refunds(charge.id).map(({ amount }) => amount)).toEqual([20_000]);
});

test("a debit that takes days is waited for, can't be closed meanwhile, and ends paid or closed", async () => {
  const [good, bad] = [await begun(shop, chargeFor(1500), false), await begun(shop, chargeFor(1500), false)];
  for (const { id } of [good, bad]) simulator.payDelayed(id);
  expect(await stripe.query(good)).toEqual({ kind: "pending" });
  expect(await stripe.close(good)).toEqual({ kind: "unknown", reason: "being_paid" });
  simulator.endDelayed(good.id, "paid");
  simulator.endDelayed(bad.id, "failed");
  expect((await stripe.query(good)).kind).toBe("paid");
  expect(await stripe.close(good)).toEqual({ kind: "paid" });
  expect([await stripe.query(bad), await stripe.close(bad)]).toEqual([{ kind: "closed" }, { kind: "closed" }]);
});

test("a session that needed no payment brought no money", async () => {
  const charge = await begun(shop, chargeFor(1500), false);
  simulator.needsNoPayment(charge.id);
  expect(await stripe.query(charge)).toEqual({ kind: "closed" });
});

test("closing finds out who was faster", async () => {
  const paid = await begun(shop);
  expect(await stripe.close(paid)).toEqual({ kind: "paid" });
  const charge = await begun(shop, chargeFor(1500), false);
  simulator.misbehave(EXPIRE, "lost");
  expect(await stripe.close(charge)).toEqual({ kind: "unknown", reason: "connection_lost" });
  expect(await stripe.close(charge)).toEqual({ kind: "closed" });
  expect(simulator.pay(charge.id)).toBe(false);
  // Their word counts all the same, if somebody has paid after that.
  simulator.payAllTheSame(charge.id);
  expect((await stripe.query(charge)).kind).toBe("paid");
});

test("a buyer who pays between the two calls of a close has paid", async () => {
  const charge = await begun(shop, chargeFor(1500), false);
  // The session is found open, and is paid before it is ended.
  simulator.onNext(EXPIRE, () => simulator.pay(charge.id));
  expect(await stripe.close(charge)).toEqual({ kind: "paid" });
});

test("a session whose start was not answered is found by our name, also when Stripe has forgotten the key", async () => {
  const charge = chargeFor(1500);
  expect(await stripe.query(charge)).toEqual({ kind: "never_heard" });
  expect(await stripe.close(charge)).toEqual({ kind: "never_heard" });
  await begun(shop, charge);
  for (let other = 0; other < 120; other++) simulator.add(`other ${other}`);
  simulator.forgetKeys();
  expect(await stripe.query(charge)).toMatchObject({ kind: "paid", received: { amount: 1500 } });
  // Begun some minutes after it was written down, it is looked for until Stripe can't have made it.
  const late = chargeFor(1500, "CNY", { createdAt: new Date(Date.now() - 9 * 60_000).toISOString() });
  expect((await stripe.query(nameless(await begun(shop, late)))).kind).toBe("paid");
  expect(simulator.sessionsOf(charge.id)).toHaveLength(1);
});

test("a page or half an answer is unknown, whatever its status", async () => {
  const charge = await begun(shop);
  const line = await startBadLine(simulator.url);
  const there = methodFor({ ...simulator, url: line.url });
  for (const fault of ["page", "page after", "half", "lost"] as const) {
    line.next(fault);
    expect((await there.query(charge)).kind).toBe("unknown");
  }
  expect((await there.query(charge)).kind).toBe("paid");
  await line.stop();
});

test("what is looked for is not begun, and a list that breaks off is no answer", async () => {
  const charge = nameless(await begun(shop));
  simulator.misbehave("get /v1/checkout/sessions", "throttled", "page");
  expect(await stripe.query(charge)).toEqual({ kind: "unknown", reason: "throttled" });
  expect(await stripe.query(charge)).toEqual({ kind: "unknown", reason: "http_502" });
  expect(await stripe.close(chargeFor(100))).toEqual({ kind: "never_heard" });
});

test("a session that another account's key doesn't find may be paid: nothing is taken for over", async () => {
  const charge = { ...(await begun(shop)), providerPaymentId: "cs_live_other" };
  expect(await stripe.query(charge)).toEqual({ kind: "unknown", reason: "session_missing" });
  expect(await stripe.close(charge)).toEqual({ kind: "unknown", reason: "session_missing" });
  const others = await begun(shop);
  const mixed = { ...charge, providerPaymentId: others.providerPaymentId ?? "" };
  expect(await stripe.query(mixed)).toEqual({ kind: "unknown", reason: "other_payment" });
});

test("a refund is made once for its name: answers get lost, keys are forgotten, and two ask at once", async () => {
  const charge = await begun(shop);
  const lost = refundOf(charge, 500);
  simulator.misbehave(REFUND, "lost");
  expect(await stripe.refund(charge, lost)).toEqual({ kind: "unknown", reason: "connection_lost" });
  expect((await stripe.queryRefund(charge, lost)).kind).toBe("refunded");
  simulator.forgetKeys();
  expect((await stripe.refund(charge, lost)).kind).toBe("refunded");
  const twice = refundOf(charge, 300);
  const both = await Promise.all([stripe.refund(charge, twice), stripe.refund(charge, twice)]);
  expect(both.map(({ kind }) => kind)).toEqual(["refunded", "refunded"]);
  expect(simulator.refunds(charge.id).map(({ amount }) => amount)).toEqual([500, 300]);
  expect(simulator.refunds(charge.id)[0]?.metadata).toEqual({ refund: lost.id, payment: charge.id });
});

test("a refund that answered 500 after it was made is found, and is not made again", async () => {
  const charge = await begun(shop);
  const wanted = refundOf(charge, 500);
  simulator.misbehave(REFUND, "error_after");
  expect(await stripe.refund(charge, wanted)).toEqual({ kind: "unknown", reason: "http_500" });
  expect((await stripe.refund(charge, wanted)).kind).toBe("refunded");
  expect(simulator.refunds(charge.id)).toHaveLength(1);
});

test("a refund waits while Stripe works on it, and ends as Stripe says", async () => {
  const charge = await begun(shop);
  const wanted = refundOf(charge, 500);
  simulator.setRefunds("pending");
  expect(await stripe.refund(charge, wanted)).toEqual({ kind: "pending" });
  const states = ["requires_action", "succeeded", "failed", "canceled"] as const;
  const outcomes = [];
  for (const state of states) {
    simulator.endRefund(charge.id, state);
    outcomes.push(await stripe.queryRefund(charge, wanted));
  }
  simulator.setRefunds("succeeded");
  expect(outcomes).toMatchObject([
    { kind: "pending" },
    { kind: "refunded", providerRefundId: simulator.refunds(charge.id)[0]?.id },
    { kind: "refused", reason: "refund_failed" },
    { kind: "refused", reason: "refund_canceled" },
  ]);
  // It keeps its name: a refund that has failed is not made anew.
  expect((await stripe.refund(charge, wanted)).kind).toBe("refused");
});

test("what was not paid, or has gone back, can't go back", async () => {
  const open = await begun(shop, chargeFor(1500), false);
  expect(await stripe.refund(open, refundOf(open, 100))).toEqual({ kind: "refused", reason: "not_paid" });
  const charge = await begun(shop);
  expect(await stripe.refund(charge, refundOf(charge, 1501))).toEqual({ kind: "refused", reason: "amount_too_large" });
  await stripe.refund(charge, refundOf(charge, 1500));
  expect(await stripe.refund(charge, refundOf(charge, 1))).toEqual({
    kind: "refused",
    reason: "charge_already_refunded",
  });
  const dinars = await begun(shop, chargeFor(5120, "KWD"));
  const odd = refundOf(dinars, 124);
  expect(await stripe.refund(dinars, odd)).toEqual({ kind: "refused", reason: "amount_not_chargeable" });
  expect(await stripe.queryRefund(dinars, odd)).toEqual({ kind: "never_heard" });
});

test("whatever goes wrong is a word: no key and no text of Stripe's is in it", async () => {
  const charge = await begun(shop);
  const stranger = methodFor(simulator, { apiKey: "sk_test_notours" });
  const outcomes: unknown[] = [
    await stranger.query(charge),
    await stranger.close(charge),
    await stranger.refund(charge, refundOf(charge, 1)),
    await stranger.queryRefund(charge, refundOf(charge, 1)),
  ];
  expect(outcomes).toMatchObject([{ kind: "unknown" }, { kind: "unknown" }, { kind: "unknown" }, { kind: "unknown" }]);
  expect(JSON.stringify(outcomes)).not.toMatch(/sk_test|Invalid|\*/);
  simulator.setDown(true);
  expect(await stripe.query(charge)).toEqual({ kind: "unknown", reason: "http_503" });
  simulator.setDown(false);
  const nowhere = methodFor({ ...simulator, url: "http://127.0.0.1:1023" });
  expect(await nowhere.query(charge)).toEqual({ kind: "unknown", reason: "unreachable" });
});
