import { describe, expect, it } from "vitest";
import { applyOutcome, isUnresolved } from "../../../shared/fulfilment/outcome.ts";
import { plan } from "../../../shared/orders/plan.ts";
import {
  at,
  attemptOf,
  NOW,
  neverRepeat,
  OUTCOMES,
  orderOf,
  repeatSafe,
  topupLine,
} from "../../support/orders/order-fixtures.ts";

describe("an outcome that nobody knows", () => {
  const unknownLine = (more: object = {}) => topupLine("unknown", attemptOf({ unknownUntil: at(3600), ...more }));

  it("is asked about after 2, 4, 8 … seconds, at most every five minutes", () => {
    let line = unknownLine();
    const waits = Array.from({ length: 10 }, () => {
      line = applyOutcome(line, OUTCOMES.unknown, repeatSafe, NOW);
      return (Date.parse(line.attempt?.nextAskAt ?? "") - NOW.getTime()) / 1000;
    });
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it("goes before a person when its time is over, with the reason", () => {
    expect(applyOutcome(unknownLine(), OUTCOMES.unknown, repeatSafe, new Date(at(3599))).state).toBe("unknown");
    expect(applyOutcome(unknownLine(), OUTCOMES.unknown, repeatSafe, new Date(at(3600)))).toMatchObject({
      state: "review",
      attempt: { reason: "timeout" },
    });
  });

  it("still listens while a person looks at it", () => {
    const waiting = applyOutcome(unknownLine(), OUTCOMES.unknown, repeatSafe, new Date(at(3600)));
    expect(applyOutcome(waiting, OUTCOMES.fulfilled, repeatSafe, new Date(at(9000))).state).toBe("fulfilled");
  });
});

describe("a supplier that never heard of it", () => {
  const placed = (more: object = {}) => topupLine("unknown", attemptOf({ placedAt: at(-59), ...more }));

  it("is asked again until the request can't be on its way any more", () => {
    const early = applyOutcome(placed(), OUTCOMES.never_heard, repeatSafe, NOW);
    expect(early).toMatchObject({ state: "unknown" });
    expect(Date.parse(early.attempt?.nextAskAt ?? "")).toBeGreaterThanOrEqual(Date.parse(at(1)));
  });

  it("gets the same reference again after that, if it takes repeats for one", () => {
    const late = applyOutcome(placed({ placedAt: at(-60) }), OUTCOMES.never_heard, repeatSafe, NOW);
    expect(late.state).toBe("open");
    expect(plan(orderOf("fulfilling", [late]), NOW)).toEqual({ step: "place", lineId: "1" });
  });

  it("is a person's business when a repeat could deliver twice", () => {
    const late = applyOutcome(placed({ placedAt: at(-60) }), OUTCOMES.never_heard, neverRepeat, NOW);
    expect(late).toMatchObject({ state: "review", attempt: { reason: "never_heard" } });
  });

  it("is a person's business after five tries in vain", () => {
    const states = [1, 2, 3, 4, 5, 6].map(
      (times) =>
        applyOutcome(placed({ placedAt: at(-60), placed: times }), OUTCOMES.never_heard, repeatSafe, NOW).state,
    );
    expect(states).toEqual(["open", "open", "open", "open", "review", "review"]);
  });
});

describe("an accepted order", () => {
  it("is waited for until its deadline, then a person decides; its goods may still come", () => {
    const accepted = topupLine("accepted", attemptOf({ deadline: at(10) }));
    expect(applyOutcome(accepted, OUTCOMES.accepted, repeatSafe, new Date(at(9))).state).toBe("accepted");
    const late = applyOutcome(accepted, OUTCOMES.accepted, repeatSafe, new Date(at(10)));
    expect(late).toMatchObject({ state: "review", attempt: { reason: "no_answer" } });
    expect(isUnresolved(late)).toBe(true);
    expect(applyOutcome(late, OUTCOMES.fulfilled, repeatSafe, new Date(at(99))).state).toBe("fulfilled");
  });
});
