import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyOutcome, isUnresolved, linesAfter, noSourceLeft } from "../../../shared/fulfilment/outcome.ts";
import type { Line } from "../../../shared/orders/model.ts";
import type { Outcome } from "../../../shared/suppliers/contract.ts";
import { at, attemptOf, NOW, topupLine } from "../../support/orders/order-fixtures.ts";
import { counterexample } from "../../support/properties.ts";

const repeatSafe = { repeatSafe: true, inFlightSeconds: 60, firstAskSeconds: 5 };
const OUTCOMES = {
  fulfilled: { kind: "fulfilled", supplierOrderId: "theirs" },
  accepted: { kind: "accepted", supplierOrderId: "theirs" },
  not_sent: { kind: "not_sent", reason: "unreachable" },
} as const satisfies Partial<Record<Outcome["kind"], Outcome>>;

describe("goods that a supplier hands over", () => {
  const line = { ...topupLine("placing", attemptOf()), kind: "code", quantity: 3 } as const;
  const tickets = ["p1:0", "p1:1", "p1:2"];
  const hearing = (outcome: Outcome, stored?: { tickets: string[]; duplicates: number }) =>
    applyOutcome(line, outcome, repeatSafe, NOW, stored);

  it("deliver the line when they are in the vault, one for each piece", () => {
    const after = hearing(OUTCOMES.fulfilled, { tickets, duplicates: 0 });
    expect(after).toMatchObject({ state: "fulfilled", quantity: 3, tickets });
  });

  it("that are more than were ordered deliver what was ordered", () => {
    const after = hearing(OUTCOMES.fulfilled, { tickets: [...tickets, "p1:3"], duplicates: 0 });
    expect(after).toMatchObject({ state: "fulfilled", tickets });
  });

  it("are a person's business when they are fewer than the supplier says, and may still be asked for", () => {
    const after = hearing(OUTCOMES.fulfilled, { tickets: tickets.slice(1), duplicates: 0 });
    expect(after).toMatchObject({ state: "review", quantity: 3, attempt: { reason: "goods_missing" } });
    expect(after.tickets).toBeUndefined();
    expect(isUnresolved(after)).toBe(true);
    expect(applyOutcome(after, OUTCOMES.fulfilled, repeatSafe, NOW, { tickets, duplicates: 0 })).toMatchObject({
      state: "fulfilled",
      tickets,
    });
  });

  it("are a person's business when one of them was ours before (a sold code is sold again)", () => {
    const after = hearing(OUTCOMES.fulfilled, { tickets: tickets.slice(1), duplicates: 1 });
    expect(after).toMatchObject({ state: "review", attempt: { reason: "duplicate_code" } });
  });
});

describe("a part of a line", () => {
  const five: Line = { ...topupLine("placing", attemptOf()), quantity: 5 };
  const partly = (delivered: number): Outcome => ({ kind: "partly", supplierOrderId: "theirs", delivered });

  it("is delivered, and the rest becomes a line of its own that is open to the other sources", () => {
    const part = applyOutcome(five, partly(2), repeatSafe, NOW);
    const [first, other, rest] = linesAfter([five, topupLine("open", undefined, "2")], five, part);
    expect(first).toMatchObject({ id: "1", state: "fulfilled", quantity: 2 });
    expect(other?.id).toBe("2");
    expect(rest).toMatchObject({ id: "3", restOf: "1", state: "open", quantity: 3, unitPrice: five.unitPrice });
    expect(rest?.attempt).toBeUndefined();
    expect(rest?.history).toMatchObject([{ outcome: "partly" }]);
  });

  it("of a part: the rest of the rest still belongs to the line that was bought", () => {
    const rest: Line = { ...five, id: "3", restOf: "1" };
    const lines = linesAfter(
      [five, topupLine("open", undefined, "2"), rest],
      rest,
      applyOutcome(rest, partly(1), repeatSafe, NOW),
    );
    expect(lines.at(-1)).toMatchObject({ id: "4", restOf: "1", quantity: 4 });
  });

  it("that is nothing is a refusal, and all is delivered", () => {
    expect(applyOutcome(five, partly(0), repeatSafe, NOW)).toMatchObject({
      state: "open",
      history: [{ outcome: "rejected" }],
    });
    expect(linesAfter([five], five, applyOutcome(five, partly(5), repeatSafe, NOW))).toHaveLength(1);
  });

  it("changes no sum: pieces and money are what they were, whatever part it is", () => {
    const keepsSums = fc.property(fc.integer({ min: 0, max: 9 }), (delivered) => {
      const lines = linesAfter([five], five, applyOutcome(five, partly(delivered), repeatSafe, NOW));
      return lines.reduce((sum, { quantity }) => sum + quantity, 0) === five.quantity;
    });
    expect(counterexample(keepsSums)).toBeUndefined();
  });
});

describe("a call that did nothing", () => {
  const placing = topupLine("placing", attemptOf());

  it("is made again when the supplier says, and not before", () => {
    const after = applyOutcome(placing, { ...OUTCOMES.not_sent, retryAfterSeconds: 90 }, repeatSafe, NOW);
    expect(after).toMatchObject({ state: "open", attempt: { notSent: 1, retryAt: at(90) } });
  });

  it("is made again after 2, 4, 8 … seconds, at most five minutes, when it says nothing", () => {
    const waits = Array.from({ length: 9 }, (_, notSent) => {
      const after = applyOutcome(topupLine("placing", attemptOf({ notSent })), OUTCOMES.not_sent, repeatSafe, NOW);
      return (Date.parse(after.attempt?.retryAt ?? "") - NOW.getTime()) / 1000;
    });
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300]);
  });
});

describe("a line that no source is left for", () => {
  it("shows the last refusal, which no longer counts once somebody has the line tried again", () => {
    const [first, second] = [
      attemptOf({ outcome: "rejected" }),
      attemptOf({ outcome: "rejected", reason: "sold_out" }),
    ];
    const line = noSourceLeft({ ...topupLine("open"), history: [first, second] });
    expect(line).toMatchObject({ state: "review", attempt: second, history: [first], forgiven: 2 });
    expect(isUnresolved(line)).toBe(false);
  });

  it("was perhaps never tried at all", () => {
    expect(noSourceLeft(topupLine("open"))).toEqual({ ...topupLine("open"), state: "review" });
  });

  it("is resolved also when its last call could not even be made", () => {
    const line = noSourceLeft(topupLine("open", attemptOf({ outcome: "not_sent", reason: "unreachable" })));
    expect(line).toMatchObject({ state: "review", attempt: { reason: "unreachable" }, forgiven: 1 });
    expect(isUnresolved(line)).toBe(false);
  });
});

describe("a supplier that has to be asked", () => {
  it("is asked soon after it accepted, and then with growing waits, until its time is over", () => {
    let line = topupLine("placing", attemptOf({ deadline: at(900) }));
    let now = NOW;
    const waits = Array.from({ length: 4 }, () => {
      line = applyOutcome(line, OUTCOMES.accepted, { ...repeatSafe, firstAskSeconds: 3 }, now);
      const next = new Date(line.attempt?.nextAskAt ?? "");
      const wait = (next.getTime() - now.getTime()) / 1000;
      now = next;
      return wait;
    });
    expect(waits).toEqual([3, 6, 12, 24]);
    expect(line.state).toBe("accepted");
  });

  it("is asked again soon when a callback made us ask before its turn, however many callbacks come", () => {
    let line = topupLine("accepted", attemptOf({ deadline: at(900), asked: 5, nextAskAt: at(100) }));
    for (let callbacks = 0; callbacks < 10; callbacks++)
      line = applyOutcome(line, OUTCOMES.accepted, { ...repeatSafe, firstAskSeconds: 3 }, NOW);
    expect(line.attempt).toMatchObject({ asked: 5, nextAskAt: at(3) });
  });
});
