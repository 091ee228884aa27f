import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventsOf } from "../../../shared/orders/events.ts";
import { type Line, type Order, REFUND_PROPOSED } from "../../../shared/orders/model.ts";
import { backTo } from "../../../shared/orders/payers.ts";
import { planRefund } from "../../../shared/orders/refund-plan.ts";
import { afterRound, moneyBackOf } from "../../../shared/orders/round.ts";
import { wentBack, worthOf } from "../../../shared/orders/shares.ts";
import { withReviewOfStuck } from "../../../shared/orders/stuck.ts";
import { at, codeLine, orderOf, topupLine } from "../../support/orders/order-fixtures.ts";

/** A delivered line of so many pieces that several payers have paid. */
const lineOf = (quantity: number, paid: Record<string, number>): Line => ({
  ...codeLine("fulfilled"),
  quantity,
  tickets: Array.from({ length: quantity }, (_, index) => `00aa:${index}`),
  net: paid["channel"] ?? 0,
  paid,
});

/** A line, and the sizes of the rounds in which all of it goes back. */
const rounds = fc
  .record({
    amounts: fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(30)),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
  })
  .map(({ amounts: [channel, promo, points], sizes }) => {
    const quantity = sizes.reduce((sum, size) => sum + size, 0);
    return { line: lineOf(quantity, { channel, "promo:a": promo, "points:m": points }), sizes };
  });

describe("what goes back of a line piece by piece", () => {
  it("are shares that sum to what each has paid, never negative, and the same as those of all pieces before", () => {
    fc.assert(
      fc.property(rounds, ({ line, sizes }) => {
        let now = line;
        let [back, worth] = [0, 0];
        for (const pieces of sizes) {
          const leaving = { ...now, leaving: { pieces } };
          const { amount } = moneyBackOf([leaving]);
          const more = worthOf([{ line: now, pieces }]);
          expect(Math.min(amount, more)).toBeGreaterThanOrEqual(0);
          back += amount;
          worth += more;
          now = afterRound(leaving);
          const gone = now.back?.pieces ?? 0;
          expect(back).toBe(Math.floor(((line.paid?.["channel"] ?? 0) * gone) / line.quantity));
          expect(wentBack(now)).toEqual({ pieces: gone, amount: back });
        }
        const all = Object.values(line.paid ?? {}).reduce((sum, amount) => sum + amount, 0);
        expect([now.state, back, worth]).toEqual(["returned", line.paid?.["channel"], all]);
      }),
    );
  });

  it("is split between a balance and a provider by cumulative shares that are exact at the end", () => {
    fc.assert(
      fc.property(rounds, fc.nat(10_000), ({ line, sizes }, outside) => {
        const total = { amount: line.net, currency: "CNY" };
        const checkout = { provider: "p", amount: Math.min(outside, total.amount) };
        let order: Pick<Order, "total" | "checkout" | "refunded"> = { total, checkout, refunded: 0 };
        let now = line;
        const got = { channel: 0, outside: 0 };
        for (const pieces of sizes) {
          const leaving = { ...now, leaving: { pieces } };
          const { amount, margin } = moneyBackOf([leaving]);
          const back = backTo(order, amount, margin);
          expect(Math.min(back.channel, back.outside?.amount ?? 0)).toBeGreaterThanOrEqual(0);
          got.channel += back.channel;
          got.outside += back.outside?.amount ?? 0;
          order = { ...order, refunded: order.refunded + amount };
          now = afterRound(leaving);
        }
        expect(got).toEqual({ channel: total.amount - checkout.amount, outside: checkout.amount });
      }),
    );
  });

  it("takes its places off the line: those that were seen are named as void, and the others no more", () => {
    const line = lineOf(3, { channel: 300 });
    const unseen = afterRound({ ...line, leaving: { pieces: 1, places: { tickets: ["00aa:2"] } } });
    expect(unseen).toMatchObject({ state: "fulfilled", tickets: ["00aa:0", "00aa:1"], back: { pieces: 1 } });
    const places = { tickets: ["00aa:0", "00aa:1"] };
    const seen = afterRound({ ...unseen, leaving: { pieces: 2, places, isSeen: true } });
    expect(seen).toMatchObject({ state: "returned", tickets: [], back: { pieces: 3, void: places } });
  });
});

describe("what may be refunded", () => {
  const line = lineOf(3, { channel: 300 });
  const paid = { fundedAt: at(0) };
  const codeOf = (order: Order, wish: Parameters<typeof planRefund>[1] = {}) => {
    const planned = planRefund(order, wish);
    return planned.ok ? planned.value.map(({ line: { id }, pieces }) => [id, pieces]) : planned.code;
  };

  it.each([
    ["a delivered order", orderOf("fulfilled", [line], paid), {}, [["1", 3]]],
    ["some pieces", orderOf("fulfilled", [line], paid), { pieces: 2 }, [["1", 2]]],
    ["what is left", orderOf("fulfilled", [{ ...line, back: { pieces: 2 } }], paid), {}, [["1", 1]]],
    [
      "more than is left",
      orderOf("fulfilled", [{ ...line, back: { pieces: 2 } }], paid),
      { pieces: 2 },
      "not_refundable",
    ],
    ["a line that there isn't", orderOf("fulfilled", [line], paid), { lines: ["2"] }, "line_settled"],
    [
      "pieces of several lines",
      orderOf("fulfilled", [line, { ...line, id: "2" }], paid),
      { pieces: 1 },
      "invalid_request",
    ],
    ["an unpaid order", orderOf("awaiting_payment", [line]), {}, "not_refundable"],
    ["a cancelled order", orderOf("cancelled", [line], paid), {}, "not_refundable"],
    ["one with nothing left", orderOf("refunded", [{ ...line, state: "returned" }], paid), {}, "not_refundable"],
    ["a line that is bought right now", orderOf("fulfilling", [topupLine("placing")], paid), {}, "not_refundable"],
    [
      "a delivered line beside it",
      orderOf("fulfilling", [line, topupLine("placing", undefined, "2")], paid),
      { lines: ["1"] },
      [["1", 3]],
    ],
    [
      "a line before a person",
      orderOf("review", [line, topupLine("review", undefined, "2")], paid),
      {},
      [
        ["1", 3],
        ["2", 1],
      ],
    ],
  ] as const)("of %s", (_what, order, wish, expected) => {
    expect(codeOf(order, wish)).toEqual(expected);
  });

  it("of an undelivered line is all of it", () => {
    const waiting = { ...topupLine("review"), quantity: 2 };
    expect(codeOf(orderOf("review", [waiting], paid), { pieces: 1 })).toBe("invalid_request");
  });
});

describe("a refund of a delivered order", () => {
  const delivered = orderOf("fulfilled", [codeLine("fulfilled")], { fundedAt: at(0) });
  const typesOf = (before: Order, after: Order): string[] => eventsOf(before, after).map(({ type }) => type);

  it("is told once for each round, and is not told as delivered again", () => {
    const leaving = { ...delivered, state: "refunding", reopened: true, version: 4 } as const;
    expect(typesOf(delivered, leaving)).toEqual([]);
    const { reopened: _over, ...back } = leaving;
    expect(typesOf(leaving, { ...back, state: "fulfilled", version: 5, refundedAt: [at(0)] })).toEqual([
      "order.refunded",
    ]);
  });

  it("is nobody else's business while a second person has not decided", () => {
    const review = { reason: REFUND_PROPOSED, since: at(0) };
    expect(typesOf(delivered, { ...delivered, review, version: 4 })).toEqual([]);
    expect(typesOf({ ...delivered, review }, { ...delivered, version: 5 })).toEqual([]);
  });

  it("is before a person as long as its provider can't make it, behind whatever else its order waits for", () => {
    const one = { refundId: "rfd_1", paymentId: "pay_1", reason: "no", since: at(0) };
    const stuck = withReviewOfStuck({ ...delivered, stuck: [one] });
    expect(stuck.review).toEqual({ reason: "refund_refused", since: at(0), refundId: "rfd_1" });
    expect(withReviewOfStuck(stuck)).toBe(stuck);
    const { stuck: _seen, ...rest } = stuck;
    expect(withReviewOfStuck(rest).review).toBeUndefined();
    const line = { reason: "no_answer", since: at(0), lineId: "1" };
    expect(withReviewOfStuck({ ...stuck, review: line }).review).toBe(line);
  });
});
