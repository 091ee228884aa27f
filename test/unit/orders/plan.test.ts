import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { plan, type Step } from "../../../shared/orders/plan.ts";
import { isFinal, isUnwinding, LINE_STATES } from "../../../shared/orders/states.ts";
import {
  anyLines,
  at,
  attemptOf,
  codeLine,
  NOW,
  ORDER_STATES,
  orderOf,
  topupLine,
} from "../../support/orders/order-fixtures.ts";
import { counterexample } from "../../support/properties.ts";

describe("what is next for an order", () => {
  it.each([
    ["open", { step: "sell" }],
    ["refusing", { step: "unwind" }],
    ["cancelling", { step: "unwind" }],
    ["refunding", { step: "unwind" }],
    ["refused", { step: "done" }],
    ["cancelled", { step: "done" }],
    ["refunded", { step: "done" }],
    ["fulfilled", { step: "done" }],
    ["partly_fulfilled", { step: "done" }],
  ] as const)("that is %s does not depend on its lines", (state, step) => {
    for (const line of LINE_STATES) expect(plan(orderOf(state, [topupLine(line, attemptOf())]), NOW)).toEqual(step);
  });

  const place = { step: "place", lineId: "1" };
  const ask = { step: "ask", lineId: "1" };
  const lines: [string, ReturnType<typeof topupLine>, object][] = [
    ["open", topupLine("open"), place],
    ["open again, after a try that did nothing", topupLine("open", attemptOf({ outcome: "not_sent" })), place],
    [
      "open, while every source that is left has asked us to wait",
      { ...topupLine("open"), waits: { since: at(-9), until: at(7) } },
      { step: "pause", seconds: 7, before: "place" },
    ],
    ["open, with its wait over", { ...topupLine("open"), waits: { since: at(-9), until: at(0) } }, place],
    [
      "accepted, by a supplier that has to be asked",
      topupLine("accepted", attemptOf({ deadline: at(30), nextAskAt: at(2) })),
      { step: "await_supplier", seconds: 2 },
    ],
    ["placing, with its attempt lost", topupLine("placing"), place],
    [
      "placing, by a call that may still run",
      topupLine("placing", attemptOf()),
      { step: "pause", seconds: LIMITS.placingSeconds, before: "ask" },
    ],
    [
      "placing, by a call that must be over",
      topupLine("placing", attemptOf({ placedAt: at(-LIMITS.placingSeconds) })),
      ask,
    ],
    [
      "placing, with a second to go",
      topupLine("placing", attemptOf({ placedAt: at(1 - LIMITS.placingSeconds) })),
      { step: "pause", seconds: 1, before: "ask" },
    ],
    [
      "accepted, with time left",
      topupLine("accepted", attemptOf({ deadline: at(30) })),
      { step: "await_supplier", seconds: 30 },
    ],
    ["accepted, and late", topupLine("accepted", attemptOf({ deadline: at(0) })), ask],
    ["accepted, with its attempt lost", topupLine("accepted"), ask],
    ["unknown, with the next question due", topupLine("unknown", attemptOf({ nextAskAt: at(0) })), ask],
    ["unknown, and never asked", topupLine("unknown", attemptOf()), ask],
    [
      "unknown, asked a moment ago",
      topupLine("unknown", attemptOf({ nextAskAt: at(3.2) })),
      { step: "pause", seconds: 4, before: "ask" },
    ],
    ["before a person", topupLine("review", attemptOf()), { step: "await_decision", seconds: LIMITS.decisionSeconds }],
    ["delivered", topupLine("fulfilled", attemptOf()), { step: "done" }],
    ["given back", topupLine("returned", attemptOf()), { step: "done" }],
  ];

  it.each(lines)("whose line is %s", (_what, line, step) => {
    expect(plan(orderOf("fulfilling", [line]), NOW)).toEqual(step);
    expect(plan(orderOf("review", [line]), NOW)).toEqual(step);
  });

  it("has a case here for every state of a line", () => {
    const covered = new Set(lines.map(([, line]) => line.state));
    expect(LINE_STATES.filter((state) => !covered.has(state))).toEqual(["unwinding"]);
  });
});

describe("with several lines", () => {
  const waits = [
    topupLine("accepted", attemptOf({ deadline: at(300) }), "1"),
    topupLine("unknown", attemptOf({ nextAskAt: at(20) }), "2"),
    topupLine("review", attemptOf(), "3"),
  ];

  it("buys first, then asks", () => {
    const due = topupLine("unknown", attemptOf({ nextAskAt: at(-1) }), "4");
    const open = topupLine("open", undefined, "5");
    expect(plan(orderOf("review", [...waits, due, open]), NOW)).toEqual({ step: "place", lineId: "5" });
    expect(plan(orderOf("review", [...waits, due]), NOW)).toEqual({ step: "ask", lineId: "4" });
  });

  it("waits for what is due first: a person's decision never holds up a question", () => {
    expect(plan(orderOf("review", waits), NOW)).toEqual({ step: "pause", seconds: 20, before: "ask" });
    expect(plan(orderOf("review", waits.toSpliced(1, 1)), NOW)).toEqual({ step: "await_supplier", seconds: 300 });
  });

  it("takes no notice of those that are delivered", () => {
    expect(plan(orderOf("review", [codeLine("fulfilled"), ...waits.slice(2)]), NOW).step).toBe("await_decision");
  });

  it("sells what was replaced from stock before anything else: that is ours to do", () => {
    const due = topupLine("open", undefined, "4");
    expect(plan(orderOf("fulfilling", [due, codeLine("open", "5")]), NOW)).toEqual({ step: "sell" });
  });

  const canBeDoneNow = ({ step }: Step): boolean => step === "place" || step === "ask" || step === "sell";

  it("never waits while one of them could go on", () => {
    const goesOn = fc.property(anyLines, (lines) => {
      const alone = lines.map((line) => plan(orderOf("fulfilling", [line]), NOW));
      return canBeDoneNow(plan(orderOf("fulfilling", lines), NOW)) || !alone.some(canBeDoneNow);
    });
    expect(counterexample(goesOn)).toBeUndefined();
  });

  it("never waits longer than the most impatient of them", () => {
    const waiting = (step: Step): number => ("seconds" in step ? step.seconds : Number.POSITIVE_INFINITY);
    const isPrompt = fc.property(anyLines, (lines) => {
      const alone = lines.map((line) => waiting(plan(orderOf("fulfilling", [line]), NOW)));
      const together = plan(orderOf("fulfilling", lines), NOW);
      return !("seconds" in together) || together.seconds === Math.min(...alone);
    });
    expect(counterexample(isPrompt)).toBeUndefined();
  });

  it("asks for whole seconds, at least one: a workflow can't wait for less", () => {
    const isWhole = fc.property(anyLines, (lines) => {
      const step = plan(orderOf("fulfilling", lines), NOW);
      return !("seconds" in step) || (Number.isInteger(step.seconds) && step.seconds > 0);
    });
    expect(counterexample(isWhole)).toBeUndefined();
  });

  it("is done only when nothing can come of any line", () => {
    const isOver = fc.property(fc.constantFrom(...ORDER_STATES), anyLines, (state, lines) => {
      if (plan(orderOf(state, lines), NOW).step !== "done") return true;
      if (isUnwinding(state)) return false;
      return isFinal(state) || lines.every((line) => ["fulfilled", "returned", "unwinding"].includes(line.state));
    });
    expect(counterexample(isOver)).toBeUndefined();
  });
});
