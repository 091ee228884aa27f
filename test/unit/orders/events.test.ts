import { expect, test } from "vitest";
import { eventsOf } from "../../../shared/orders/events.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { at, codeLine, orderOf, topupLine } from "../../support/orders/order-fixtures.ts";

const told = (before: Order | undefined, after: Order): string[] => eventsOf(before, after).map(({ type }) => type);

const review = (seconds: number) => ({ reason: "sold_out", since: at(seconds), lineId: "1" });
const inReview = orderOf("review", [topupLine("review")], { review: review(0) });
const working = orderOf("fulfilling", [topupLine("accepted")]);
const open = orderOf("open", [codeLine("open")]);

test("an order that is sold in its answer tells that it was placed, paid and fulfilled", () => {
  expect(told(undefined, open)).toEqual(["order.placed"]);
  const sold = orderOf("fulfilled", [codeLine("fulfilled")], { fundedBy: ["nonce"], fundedAt: at(0) });
  expect(told(open, sold)).toEqual(["order.paid", "order.fulfilled"]);
  expect(told(sold, { ...sold, revealed: { by: "buyer", at: at(1), from: "", requestId: "r" } })).toEqual([]);
});

test("one that is refused ends with the reason, and is placed again in its next epoch", () => {
  const refusing = orderOf("refusing", [codeLine("unwinding")], { refusal: "sold_out" });
  expect(told(open, refusing)).toEqual([]);
  const refused = orderOf("refused", [codeLine("returned")], { refusal: "sold_out" });
  expect(eventsOf(refusing, refused)).toMatchObject([{ type: "order.cancelled", facts: { refusal: "sold_out" } }]);
  expect(told(refused, orderOf("open", [codeLine("open")], { epoch: 2 }))).toEqual(["order.placed"]);
});

test("an order that waits for payment tells each of its ends once", () => {
  const waiting = orderOf("awaiting_payment", [codeLine("open")]);
  expect(told(waiting, open)).toEqual([]);
  const expiring = orderOf("expiring", [codeLine("unwinding")]);
  expect([told(waiting, expiring), told(expiring, orderOf("expired", [codeLine("returned")]))]).toEqual([
    [],
    ["order.expired"],
  ]);
  const cancelling = orderOf("cancelling", [codeLine("unwinding")]);
  expect(told(cancelling, orderOf("cancelled", [codeLine("returned")], { refundedAt: [at(0)] }))).toEqual([
    "order.cancelled",
  ]);
});

test("coming before a person, and leaving by news, are told, each once", () => {
  expect(told(working, inReview)).toEqual(["order.review_opened"]);
  expect(told(inReview, { ...inReview, version: 4 })).toEqual([]);
  expect(told(inReview, working)).toEqual(["order.review_closed"]);
  const delivered = orderOf("fulfilled", [topupLine("fulfilled")]);
  expect(told(inReview, delivered)).toEqual(["order.review_closed", "order.fulfilled"]);
});

test("another question about the same order is another review", () => {
  expect(told(inReview, { ...inReview, review: review(60) })).toEqual(["order.review_closed", "order.review_opened"]);
});

test("a decision, the money that went back, and what was delivered before are told", () => {
  const decided = { action: "refund", by: "rule", at: at(1) } as const;
  const refunding = orderOf("refunding", [topupLine("unwinding")], { decided });
  expect(told(inReview, refunding)).toEqual(["order.review_decided", "order.review_closed"]);
  const refunded = orderOf("refunded", [topupLine("returned")], { decided, refundedAt: [at(1)] });
  expect(told(refunding, refunded)).toEqual(["order.refunded"]);
  expect(told(refunding, { ...refunded, state: "partly_fulfilled" })).toEqual([
    "order.refunded",
    "order.partly_fulfilled",
  ]);
});

test("the same decision made again later is another one", () => {
  const first = { ...working, decided: { action: "retry", by: "operator", at: at(1) } as const };
  expect(told(first, { ...first, decided: { ...first.decided, at: at(2) } })).toEqual(["order.review_decided"]);
});

test("a delivery that is late and escalated in one change is told once", () => {
  const late = { ...inReview, overdue: true, review: { ...review(0), escalatedAt: at(5) } } as const;
  expect(told(inReview, late)).toEqual(["order.overdue"]);
});
