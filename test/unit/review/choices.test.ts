import { describe, expect, test } from "vitest";
import { type Choice, choicesFor } from "../../../shared/review/choices.ts";
import { matches } from "../../../shared/review/queue.ts";
import { needsTwo, paidFor, substanceOf } from "../../../shared/review/second-person.ts";
import { ReviewSettings } from "../../../shared/review/table.ts";
import { at, attemptOf, codeLine, orderOf, topupLine } from "../../support/orders/order-fixtures.ts";

const rejected = topupLine("review", attemptOf({ outcome: "rejected" }));
const silent = topupLine("review", attemptOf({ outcome: "unknown" }), "2");
const delivered = codeLine("fulfilled", "3");
const settings = ReviewSettings.parse({});
const refund = { action: "refund", reason: "r", evenIfUnresolved: false } as const;

const choice = (choices: readonly Choice[], action: Choice["action"]): Choice | undefined =>
  choices.find((one) => one.action === action);

describe("what each decision would do is told before it is made", () => {
  test("after a definite no: anything", () => {
    const choices = choicesFor(orderOf("review", [rejected]), settings);
    expect(choices.map(({ action }) => action)).toEqual(["retry", "replace", "refund", "note"]);
    expect(choices.every(({ allowed }) => allowed)).toBe(true);
    expect(choice(choices, "retry")?.effect).toBe("Buys line 1 anew, under a new reference.");
  });

  test("without an answer: the question again, or somebody's word that it may be paid twice", () => {
    const choices = choicesFor(orderOf("review", [silent]), settings);
    expect(choice(choices, "retry")).toMatchObject({
      allowed: true,
      effect: "Asks sup_1 again about line 2 and places nothing new.",
    });
    for (const action of ["refund", "replace"] as const)
      expect(choice(choices, action)).toMatchObject({
        allowed: false,
        whyNot: expect.stringContaining("evenIfUnresolved"),
      });
  });

  test("what was delivered stays, and stays paid", () => {
    const choices = choicesFor(orderOf("review", [rejected, delivered]), settings);
    expect(choice(choices, "refund")?.effect).toBe(
      "Gives 4950 CNY (minor units) back; what was delivered, 1 of 2 lines, stays and stays paid.",
    );
  });

  test("a broken run is started again", () => {
    const choices = choicesFor(orderOf("review", [topupLine("open")]), settings);
    expect(choice(choices, "retry")?.effect).toBe("Starts the workflow again.");
  });

  test("from its amount on, a decision takes two people, by currency", () => {
    const order = orderOf("review", [rejected]);
    const takesTwo = (amount: number): boolean | undefined =>
      choice(choicesFor(order, ReviewSettings.parse({ twoPeopleFrom: { CNY: amount } })), "refund")?.takesTwo;
    expect([4950, 4951].map(takesTwo)).toEqual([true, false]);
    expect(choice(choicesFor(order, ReviewSettings.parse({ twoPeopleFrom: { EUR: 1 } })), "refund")?.takesTwo).toBe(
      false,
    );
  });
});

describe("what a decision gives away", () => {
  const order = orderOf("review", [rejected, silent, delivered]);

  test("is what it would give back, and no more", () => {
    expect(paidFor(order, refund).amount).toBe(2 * 4950);
    expect(paidFor(order, { ...refund, lines: ["1", "3"] }).amount).toBe(4950);
    expect(paidFor(order, { action: "retry", reason: "r" }).amount).toBe(0);
  });

  test.each([
    ["less than the limit, alone", {}, 60, "CNY", false],
    ["the limit", {}, 100, "CNY", true],
    ["the limit, with what was decided before", { decidedWorth: { CNY: 40 } }, 60, "CNY", true],
    ["less, with what was decided in another currency", { decidedWorth: { USD: 40 } }, 60, "CNY", false],
    ["the limit of the currency of what is given instead", {}, 30, "USD", true],
    ["nothing, after much", { decidedWorth: { CNY: 1000 } }, 0, "CNY", false],
  ])("%s", (_what, more, amount, currency, expected) => {
    const limits = ReviewSettings.parse({ twoPeopleFrom: { CNY: 100, USD: 30 } });
    const stake = { amounts: [{ amount, currency }], isKnown: true };
    expect(needsTwo({ ...order, ...more }, stake, limits)).toBe(expected);
  });

  test("takes two when nobody knows what the goods are worth", () => {
    expect(needsTwo(order, { amounts: [{ amount: 1, currency: "CNY" }], isKnown: false }, settings)).toBe(true);
  });

  test("counts lines that went back before the order counted them", () => {
    const earlier = orderOf("review", [{ ...delivered, state: "returned" }, rejected]);
    const limits = ReviewSettings.parse({ twoPeopleFrom: { CNY: 4951 } });
    expect(needsTwo(earlier, { amounts: [{ amount: 1, currency: "CNY" }], isKnown: true }, limits)).toBe(true);
  });

  test("is the same for two people when their reasons differ, and only then", () => {
    expect(substanceOf({ ...refund, reason: "another" })).toBe(substanceOf(refund));
    expect(substanceOf({ ...refund, lines: ["1"] })).not.toBe(substanceOf(refund));
    expect(substanceOf({ ...refund, evenIfUnresolved: true })).not.toBe(substanceOf(refund));
  });
});

test("a filter means the reviews that fit all that it says", () => {
  const order = orderOf("review", [rejected], { review: { reason: "sold_out", since: at(0), lineId: "1" } });
  expect(matches(order, {})).toBe(true);
  expect(matches(order, { reason: "sold_out", supplierId: "sup_1", since: at(0), before: at(1) })).toBe(true);
  for (const other of [{ reason: "timeout" }, { supplierId: "sup_2" }, { since: at(1) }, { before: at(0) }])
    expect(matches(order, other)).toBe(false);
  expect(matches(orderOf("fulfilling", [rejected]), {})).toBe(false);
});
