import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  DISPUTE_MOVES,
  type Dispute,
  deadlineOf,
  disputeIdFor,
  isOver,
  isStale,
  nextLook,
  planDispute,
} from "../../../shared/disputes/model.ts";
import { NOTHING } from "../../../shared/disputes/position.ts";
import { DISPUTE_STATES, type DisputeState } from "../../../shared/payments/dispute-contract.ts";
import { at, NOW } from "../../support/orders/order-fixtures.ts";

const HOUR = 3600;

export const dispute = (more: Partial<Dispute> = {}): Dispute => ({
  id: disputeIdFor("simulated", "du_1"),
  version: 1,
  provider: "simulated",
  disputeId: "du_1",
  paymentId: "pay_1",
  channelId: "chan_1",
  orderId: "ord_1",
  state: "opened",
  amount: { amount: 100, currency: "CNY" },
  reason: "fraudulent",
  openedAt: at(-10),
  answerBy: at(100 * HOUR),
  isAnswered: false,
  funds: { taken: 100, givenBack: 0 },
  fees: { taken: 15, givenBack: 0, currency: "CNY" },
  seenAt: at(-5),
  booked: NOTHING,
  entries: 1,
  turn: 1,
  told: 1,
  asked: 0,
  dueAt: at(HOUR),
  ...more,
});
const answer = { what: "evidence", by: "rule", at: at(-1), state: "sending" } as const;
const stepOf = (more: Partial<Dispute>, isAsked = true): string => planDispute(dispute(more), NOW, isAsked).step;

describe("the next step for a dispute", () => {
  const soon = at(11 * HOUR);
  const done = { funds: { taken: 100, givenBack: 100 }, state: "won" } as const;
  it.each([
    ["that is not due: wait", {}, "wait"],
    ["whose state nobody was told: tell", { told: 0 }, "tell"],
    ["whose evidence must go: decide to send it", { answerBy: soon }, "decide_answer"],
    ["whose answer is decided: send it, whenever", { answer }, "answer"],
    [
      "whose answer was sent: wait, also if the bank does not say that it has it",
      { answer: { ...answer, state: "sent" } },
      "wait",
    ],
    [
      "whose answer was refused: leave it to a person",
      { answerBy: soon, answer: { ...answer, state: "refused" } },
      "wait",
    ],
    ["that takes no evidence any more: wait", { answerBy: at(-1), warnedOf: at(-1) }, "wait"],
    ["that has its evidence from somebody else: wait", { answerBy: soon, isAnswered: true, state: "answered" }, "wait"],
    ["that takes no evidence at all: wait", { answerBy: undefined, answer }, "wait"],
    [
      "whose deadline is near, with no answer: warn",
      { answerBy: at(5 * HOUR), answer: { ...answer, state: "refused" } },
      "warn",
    ],
    [
      "that somebody was warned of: wait",
      { answerBy: at(5 * HOUR), warnedOf: at(5 * HOUR), answer: { ...answer, state: "refused" } },
      "wait",
    ],
    ["that was lost: look after its goods", { state: "lost" }, "take_back"],
    ["that was lost, with its goods: nothing", { state: "lost", goods: "kept", dueAt: undefined }, "done"],
    [
      "that was lost before the money is gone: nothing yet",
      { state: "lost", funds: { taken: 0, givenBack: 0 } },
      "wait",
    ],
    ["of a deposit that was lost: no goods", { state: "lost", orderId: undefined, dueAt: undefined }, "done"],
    ["that was won and is settled: nothing", { ...done, dueAt: undefined }, "done"],
    ["a complaint whose first clock runs out: warn", { state: "complained", answerBy: at(2 * HOUR) }, "warn"],
    [
      "a complaint with a reply, whose second clock runs out: warn",
      { state: "replied", completeBy: at(2 * HOUR), warnedOf: at(-HOUR) },
      "warn",
    ],
  ] as [string, Partial<Dispute>, string][])("%s", (_what, more, step) => {
    const given = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
    const without = Object.keys(more).filter((key) => more[key as keyof Dispute] === undefined);
    const one = Object.fromEntries(
      Object.entries({ ...dispute(), ...given }).filter(([key]) => !without.includes(key)),
    );
    expect(planDispute(one as Dispute, NOW, true).step).toBe(step);
  });

  test("its provider is asked when it is due, and before anything is sent", () => {
    expect(stepOf({ dueAt: at(0) }, false)).toBe("ask");
    expect(stepOf({ answer, dueAt: at(10) }, false)).toBe("wait");
    expect(stepOf({ answerBy: at(11 * HOUR) }, false)).toBe("wait");
  });

  test("whatever its state, a dispute that has been worked off waits for a time, or for nothing", () => {
    for (const state of DISPUTE_STATES) {
      const one = dispute({ state, goods: "kept" });
      const dueAt = nextLook(one, NOW);
      expect(dueAt !== undefined && dueAt > NOW.toISOString()).toBe(!isOver(one));
    }
  });
});

test("it is due when evidence must go, when somebody must be warned, and every six hours", () => {
  expect(nextLook(dispute({ answerBy: at(15 * HOUR) }), NOW)).toBe(at(3 * HOUR));
  expect(nextLook(dispute({ answerBy: at(11 * HOUR) }), NOW)).toBe(at(5 * HOUR));
  expect(nextLook(dispute(), NOW)).toBe(at(6 * HOUR));
  expect(nextLook(dispute({ answer }), NOW)).toBe(at(60));
  expect(deadlineOf(dispute({ state: "answered", isAnswered: true }))).toBeUndefined();
});

describe("news that is older than what we know", () => {
  const moves = fc.record({ from: fc.constantFrom(...DISPUTE_STATES), to: fc.constantFrom(...DISPUTE_STATES) });
  test("is what makes an illegal move, or says that less money has moved", () => {
    const { funds, fees, amount, reason, openedAt, isAnswered } = dispute();
    const news = { amount, reason, openedAt, isAnswered, funds, fees };
    fc.assert(
      fc.property(moves, ({ from, to }) => {
        expect(isStale(dispute({ state: from }), { ...news, state: to })).toBe(!DISPUTE_MOVES[from].includes(to));
      }),
    );
    const less = { taken: 0, givenBack: 0 };
    expect(isStale(dispute(), { ...news, state: "opened", funds: less })).toBe(true);
    expect(isStale(dispute(), { ...news, state: "opened", fees: { ...less, currency: "CNY" } })).toBe(true);
  });

  test("a bank never takes back that it has decided, and a dispute never becomes a complaint", () => {
    const complaints: readonly DisputeState[] = ["complained", "replied", "completed"];
    const reachable = (from: DisputeState, seen = new Set<DisputeState>()): Set<DisputeState> => {
      for (const to of DISPUTE_MOVES[from]) if (!seen.has(to)) reachable(to, seen.add(to));
      return seen;
    };
    expect([...reachable("won")].toSorted()).toEqual(["lost", "won"]);
    for (const state of DISPUTE_STATES)
      expect([...reachable(state)].every((to) => complaints.includes(to) === complaints.includes(state))).toBe(true);
  });
});
