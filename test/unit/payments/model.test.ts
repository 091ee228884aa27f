import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { backTo } from "../../../shared/orders/payers.ts";
import {
  orderPaymentId,
  PAYMENT_MOVES,
  PAYMENT_STATES,
  type Payment,
  type PaymentRefund,
  planPayment,
  REFUND_STATES,
  refundIdFor,
  wrongIn,
} from "../../../shared/payments/model.ts";
import { paymentItem, payments } from "../../../shared/payments/table.ts";
import { at, NOW } from "../../support/orders/order-fixtures.ts";

const payment = (more: Partial<Payment> = {}): Payment => ({
  id: orderPaymentId("ord_1", 1, 1),
  version: 1,
  purpose: { kind: "order", orderId: "ord_1", epoch: 1 },
  channelId: "chan_1",
  provider: "simulated",
  attempt: 1,
  amount: { amount: 100, currency: "CNY" },
  state: "pending",
  createdAt: at(-10),
  expiresAt: at(900),
  refunds: {},
  asked: 0,
  dueAt: at(5),
  ...more,
});
const received = { providerPaymentId: "sim_1", amount: 100, currency: "CNY", at: at(0) };
const refund = (state: PaymentRefund["state"], id = "rfd_1"): PaymentRefund => ({
  id,
  cause: `refund:ord_1@1#${id}`,
  round: 1,
  amount: 10,
  requestedAt: at(0),
  state,
  asked: 0,
});
const stepOf = (one: Payment, isHinted = false): string => planPayment(one, NOW, isHinted).step;

describe("the next step for a payment", () => {
  it.each([
    ["that is not due: wait", payment(), false, "wait"],
    ["that is due: ask its provider", payment({ dueAt: at(0) }), false, "ask"],
    ["of which there is news: ask, whenever it is due", payment(), true, "ask"],
    ["that was over, of which there is news: ask all the same", payment({ state: "closed" }), true, "ask"],
    ["that was paid: decide what becomes of the money", payment({ state: "succeeded", received }), false, "decide"],
    [
      "that counts, and nothing goes back: nothing",
      payment({ state: "succeeded", received, counted: true }),
      true,
      "done",
    ],
  ])("%s", (_what, one, isHinted, step) => {
    expect(stepOf(one, isHinted)).toBe(step);
  });

  it.each([
    ["requested", "refund"],
    ["pending", "ask_refund"],
    ["refunded", "done"],
    ["refused", "done"],
  ] as const)("with a refund that is %s: %s", (state, step) => {
    const paid = payment({ state: "succeeded", received, counted: true, refunds: { rfd_1: refund(state) } });
    expect(stepOf({ ...paid, dueAt: at(0) })).toBe(step);
  });
});

describe("a payment", () => {
  it("is never left once somebody has paid it, and never begun again when it is over", () => {
    expect(PAYMENT_MOVES.succeeded).toEqual(["succeeded"]);
    for (const state of ["failed", "closed"] as const) expect(PAYMENT_MOVES[state]).toEqual([state, "succeeded"]);
    expect(Object.keys(PAYMENT_MOVES)).toEqual([...PAYMENT_STATES]);
  });

  it.each([
    [received, undefined],
    [{ ...received, amount: 99 }, "other_amount"],
    [{ ...received, amount: 101 }, "other_amount"],
    [{ ...received, currency: "USD" }, "other_currency"],
  ] as const)("that brought %j is wrong: %s", (brought, wrong) => {
    expect(wrongIn(payment({ state: "succeeded", received: brought }))).toBe(wrong);
  });

  it("has a name that every provider takes, from its order, epoch and number; and so have its refunds", () => {
    for (const name of [orderPaymentId("ord_1", 1, 1), refundIdFor("pay_1", "refund:ord_1@1#1")])
      expect(name).toMatch(/^[A-Za-z0-9_]{1,32}$/);
    const names = [orderPaymentId("ord_1", 1, 1), orderPaymentId("ord_1", 1, 2), orderPaymentId("ord_1", 2, 1)];
    expect(new Set(names).size).toBe(3);
  });

  it("is read as it was written, and stands in the index while it is due for something", () => {
    const one = payment({ state: "succeeded", received, refunds: { rfd_1: refund("pending") } });
    expect(payments.read(paymentItem(one))).toEqual(one);
    expect(paymentItem(one)).toMatchObject({
      careQueue: expect.stringMatching(/^payments#\d+$/) as string,
      careAt: one.dueAt,
    });
    const { dueAt: _none, ...done } = one;
    expect(paymentItem(done)).not.toHaveProperty("careQueue");
    for (const state of REFUND_STATES)
      expect(payments.read(paymentItem({ ...one, refunds: { r: refund(state) } })).state).toBe("succeeded");
  });
});

test("what goes back in parts is shared by who paid: never backwards, never more than they paid, and all of it in the end", () => {
  const amounts = fc.record({
    outside: fc.integer({ min: 1, max: 1_000_000 }),
    channel: fc.integer({ min: 0, max: 1_000_000 }),
  });
  // Of each part that goes back: how much of the price, and how much the channel had earned with it.
  const part = fc.tuple(fc.integer({ min: 1, max: 300_000 }), fc.integer({ min: 0, max: 10_000 }));
  fc.assert(
    fc.property(amounts, fc.array(part, { maxLength: 20 }), ({ outside, channel }, parts) => {
      const margin = parts.reduce((sum, [, earned]) => sum + earned, 0);
      const order = {
        total: { amount: outside + channel, currency: "CNY" },
        checkout: { provider: "p", amount: outside + margin, margin },
      };
      let refunded = 0;
      const back = { outside: 0, channel: 0, margin: 0 };
      for (const [price, earned] of [...parts, [Infinity, 0] as const]) {
        const amount = Math.min(price, order.total.amount - refunded);
        const share = backTo({ ...order, refunded }, amount, earned);
        expect(share.outside?.amount).toBeGreaterThanOrEqual(earned);
        expect(share.channel).toBeGreaterThanOrEqual(0);
        back.outside += share.outside?.amount ?? 0;
        back.channel += share.channel;
        back.margin += share.outside?.margin ?? 0;
        refunded += amount;
      }
      expect(back).toEqual({ outside: outside + margin, channel, margin });
    }),
  );
});

test("an order of nothing but its channel's margin gives that back", () => {
  const order = {
    total: { amount: 0, currency: "CNY" },
    checkout: { provider: "p", amount: 7, margin: 7 },
    refunded: 0,
  };
  expect(backTo(order, 0, 7)).toEqual({
    channel: 0,
    currency: "CNY",
    outside: { provider: "p", amount: 7, margin: 7 },
  });
});
