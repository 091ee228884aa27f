import { expect, test } from "vitest";
import { eventsOf } from "../../../shared/orders/events.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { at, codeLine, orderOf, topupLine } from "../../support/orders/order-fixtures.ts";

const told = (before: Order | undefined, after: Order): string[] =>
  eventsOf(before, after, at(0)).map(({ type }) => type);

const review = (seconds: number) => ({ reason: "sold_out", since: at(seconds), lineId: "1" });
const inReview = orderOf("review", [topupLine("review")], { review: review(0) });
const working = orderOf("fulfilling", [topupLine("accepted")]);

test("an order that is made, and sold in its answer, has nothing to tell, and costs nothing", () => {
  const open = orderOf("open", [codeLine("open")]);
  expect(told(undefined, open)).toEqual([]);
  expect(told(open, orderOf("fulfilled", [codeLine("fulfilled")]))).toEqual([]);
  expect(told(open, orderOf("refusing", [codeLine("unwinding")]))).toEqual([]);
});

test("an order that its channel cancels tells nothing: who asked for it was answered", () => {
  const cancelling = orderOf("cancelling", [codeLine("unwinding")]);
  expect(told(cancelling, orderOf("cancelled", [codeLine("returned")], { refundedAt: [at(0)] }))).toEqual([]);
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
