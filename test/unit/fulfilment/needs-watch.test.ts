import { expect, test } from "vitest";
import { needsWatch } from "../../../shared/fulfilment/watch.ts";
import type { Order } from "../../../shared/orders/model.ts";
import type { OrderState } from "../../../shared/orders/states.ts";

// Who looks after an order: its watch, or the payment that its buyer makes at a provider.

const order = (state: OrderState) => ({ state }) as Order;
const atCheckout = (state: OrderState) => ({ state, checkout: { provider: "p", amount: 1 } }) as Order;

test("a new order is watched until it is final, and again when it leaves a final state", () => {
  expect(needsWatch(undefined, order("open"))).toBe(true);
  expect(needsWatch(undefined, order("awaiting_payment"))).toBe(true);
  expect(needsWatch(order("fulfilled"), order("cancelling"))).toBe(true);
  expect(needsWatch(undefined, order("fulfilled"))).toBe(false);
  expect(needsWatch(order("open"), order("fulfilling"))).toBe(false);
});

test("an order that waits for a payment at a provider is watched from the moment when it is paid and not sold at once", () => {
  expect(needsWatch(undefined, atCheckout("awaiting_payment"))).toBe(false);
  expect(needsWatch(atCheckout("awaiting_payment"), atCheckout("expiring"))).toBe(false);
  expect(needsWatch(atCheckout("awaiting_payment"), atCheckout("fulfilled"))).toBe(false);
  expect(needsWatch(atCheckout("awaiting_payment"), atCheckout("open"))).toBe(true);
  expect(needsWatch(atCheckout("awaiting_payment"), order("open"))).toBe(true);
  expect(needsWatch(atCheckout("awaiting_payment"), atCheckout("refusing"))).toBe(true);
  expect(needsWatch(atCheckout("expired"), atCheckout("open"))).toBe(true);
  // What happened within one batch is judged by how it ended.
  expect(needsWatch(undefined, atCheckout("open"))).toBe(true);
});
