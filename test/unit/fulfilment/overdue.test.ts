import { describe, expect, it } from "vitest";
import { isLate, paidToDelivered, secondsToKeepPromise } from "../../../shared/fulfilment/overdue.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { isFinal, isUnwinding } from "../../../shared/orders/states.ts";
import { at, NOW, ORDER_STATES, orderOf, topupLine } from "../../support/orders/order-fixtures.ts";

const order = (state: Order["state"], more: Partial<Order> = {}): Order =>
  orderOf(state, [topupLine("open")], { fundedAt: at(-40), ...more });

describe("an order that is promised in 30 seconds", () => {
  const promised = { deliverBy: at(0) };

  it("is late from the moment the promise ends, once, and never when it is over", () => {
    expect(isLate(order("fulfilling", { deliverBy: at(1) }), NOW)).toBe(false);
    expect(isLate(order("fulfilling", promised), NOW)).toBe(true);
    expect(isLate(order("review", promised), NOW)).toBe(true);
    expect(isLate(order("fulfilling", { ...promised, overdue: true }), NOW)).toBe(false);
    for (const state of ORDER_STATES.filter(isFinal)) expect(isLate(order(state, promised), NOW)).toBe(false);
    expect(isLate(order("fulfilling"), NOW)).toBe(false);
  });

  it("is not late any more when it is on its way back", () => {
    for (const state of ORDER_STATES.filter(isUnwinding)) expect(isLate(order(state, promised), NOW)).toBe(false);
  });

  it("is looked at when the promise ends, unless that is known already", () => {
    expect(secondsToKeepPromise(order("fulfilling", { deliverBy: at(12) }), NOW)).toBe(12);
    expect(secondsToKeepPromise(order("fulfilling", { deliverBy: at(12), overdue: true }), NOW)).toBeUndefined();
    expect(secondsToKeepPromise(order("fulfilling"), NOW)).toBeUndefined();
  });
});

describe("from payment to delivery", () => {
  it("is measured by the change with which a supplier's goods are delivered, and by no other", () => {
    expect(paidToDelivered(order("fulfilling"), order("fulfilled"), at(2))).toBe(42);
    expect(paidToDelivered(order("review"), order("fulfilled"), at(2))).toBe(42);
    expect(paidToDelivered(order("fulfilled"), order("fulfilled"), at(2))).toBeUndefined(); // it was looked at
    expect(paidToDelivered(order("open"), order("fulfilled"), at(2))).toBeUndefined(); // it was sold inline
    expect(paidToDelivered(order("awaiting_payment"), order("fulfilled"), at(2))).toBeUndefined(); // in the write that paid
    expect(paidToDelivered(order("fulfilling"), order("review"), at(2))).toBeUndefined();
    expect(paidToDelivered(undefined, order("fulfilled"), at(2))).toBeUndefined();
  });
});
