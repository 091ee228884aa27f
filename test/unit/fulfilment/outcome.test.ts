import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyOutcome, isUnresolved, settled, takenBack } from "../../../shared/fulfilment/outcome.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Line } from "../../../shared/orders/model.ts";
import type { LineState } from "../../../shared/orders/states.ts";
import { LINE_STATES } from "../../../shared/orders/states.ts";
import type { Outcome } from "../../../shared/suppliers/contract.ts";
import {
  anyAttempt,
  at,
  attemptOf,
  NOW,
  OUTCOMES,
  orderOf,
  repeatSafe,
  topupLine,
} from "../../support/orders/order-fixtures.ts";
import { counterexample } from "../../support/properties.ts";

type Kind = keyof typeof OUTCOMES;
const KINDS = Object.keys(OUTCOMES) as Kind[];

/** Each state as a line gets into it. "review" twice: after a definite no, and for want of an answer. */
const LINES: Record<string, Line> = {
  open: topupLine("open"),
  "open, asked for before": topupLine("open", attemptOf({ outcome: "not_sent" })),
  placing: topupLine("placing", attemptOf()),
  accepted: topupLine("accepted", attemptOf({ outcome: "accepted" })),
  unknown: topupLine("unknown", attemptOf({ outcome: "unknown", asked: 1 })),
  "review, unresolved": topupLine("review", attemptOf({ outcome: "unknown" })),
  "review, refused": topupLine("review", attemptOf({ outcome: "rejected", reason: "sold_out" })),
  fulfilled: topupLine("fulfilled", attemptOf({ outcome: "fulfilled" })),
  unwinding: topupLine("unwinding", attemptOf({ outcome: "rejected" })),
  returned: topupLine("returned", attemptOf({ outcome: "rejected" })),
};

const LISTENS: Record<Kind, LineState> = {
  fulfilled: "fulfilled",
  accepted: "accepted",
  partly: "fulfilled", // what came: the rest is a line of its own
  rejected: "open", // to the next source
  unknown: "unknown",
  never_heard: "unknown", // within the supplier's window
  not_sent: "open",
  reversed: "review",
};
const WAITS_FOR_WORD = ["placing", "accepted", "unknown"];
const BEFORE_A_PERSON = "review, unresolved";

describe("what a supplier's word makes of a line", () => {
  const each = (names: string[]) => KINDS.flatMap((kind) => names.map((name) => [kind, name] as const));
  const deaf = Object.keys(LINES).filter((name) => name !== BEFORE_A_PERSON && !WAITS_FOR_WORD.includes(name));

  it.each(each(WAITS_FOR_WORD))("%s, said of a line that is %s, is heard", (kind, name) => {
    const after = applyOutcome(LINES[name] as Line, OUTCOMES[kind], repeatSafe, NOW);
    expect(after.state).toBe(LISTENS[kind]);
    expect([...(after.history ?? []), after.attempt].filter(Boolean)).toMatchObject([{ outcome: kind }]);
  });

  const isTakenBack = ([kind, name]: readonly [Kind, string]) => kind === "reversed" && name === "fulfilled";
  it.each(each(deaf).filter((one) => !isTakenBack(one)))(
    "%s, said of a line that is %s, changes nothing",
    (kind, name) => {
      const line = LINES[name] as Line;
      expect(applyOutcome(line, OUTCOMES[kind], repeatSafe, NOW)).toBe(line);
    },
  );

  const definite: Kind[] = ["fulfilled", "partly", "rejected", "reversed"];

  it("what was delivered and is taken back comes before a person, and its codes are nobody's to hand out or to sell again", () => {
    const line: Line = { ...(LINES["fulfilled"] as Line), tickets: ["pa:1"] };
    const after = applyOutcome(line, OUTCOMES.reversed, repeatSafe, NOW);
    expect(after).toMatchObject({ state: "review", attempt: { outcome: "reversed", reason: "reversed" } });
    expect(after.tickets).toBeUndefined();
    expect(isUnresolved(after)).toBe(false);
    expect(applyOutcome(after, OUTCOMES.fulfilled, repeatSafe, NOW)).toBe(after);
  });

  it.each([
    ["reversed", OUTCOMES.reversed, true],
    ["a refusal", OUTCOMES.rejected, true],
    ["fewer pieces", { ...OUTCOMES.partly, delivered: 0 }, true],
    ["as many pieces", OUTCOMES.partly, false],
    ["the delivery", OUTCOMES.fulfilled, false],
    ["nothing", OUTCOMES.unknown, false],
    ["that nobody has heard of it", OUTCOMES.never_heard, false],
  ] as const)("asked about a delivered line, %s is told", (_, outcome, isTaken) => {
    expect(takenBack(LINES["fulfilled"] as Line, outcome) !== undefined).toBe(isTaken);
  });

  it.each(["fulfilled", "partly"] as const)("%s takes a line off a person's desk, for it is delivered", (kind) => {
    const after = applyOutcome(LINES[BEFORE_A_PERSON] as Line, OUTCOMES[kind], repeatSafe, NOW);
    expect(after).toMatchObject({ state: "fulfilled", attempt: { outcome: kind } });
  });

  it("rejected leaves a line before a person, who now knows that it may be refunded or tried elsewhere", () => {
    const after = applyOutcome(LINES[BEFORE_A_PERSON] as Line, OUTCOMES.rejected, repeatSafe, NOW);
    expect(after).toMatchObject({ state: "review", attempt: { outcome: "rejected" } });
    expect(isUnresolved(after)).toBe(false);
  });

  it.each(KINDS.filter((kind) => !definite.includes(kind)))("%s leaves a line before a person", (kind) => {
    const line = LINES[BEFORE_A_PERSON] as Line;
    expect(applyOutcome(line, OUTCOMES[kind], repeatSafe, NOW)).toBe(line);
  });

  it("gives a supplier that took the order as long as any other before its silence is a person's business", () => {
    const line = topupLine("accepted", attemptOf({ outcome: "accepted", unknownUntil: at(-10) }));
    expect(applyOutcome(line, OUTCOMES.unknown, repeatSafe, NOW)).toMatchObject({ state: "unknown" });
  });

  it("never asks again a supplier that took the order and now denies it", () => {
    const attempt = attemptOf({ outcome: "unknown", supplierOrderId: "theirs", placedAt: at(-1000) });
    const after = applyOutcome(topupLine("unknown", attempt), OUTCOMES.never_heard, repeatSafe, NOW);
    expect(after).toMatchObject({ state: "review", attempt: { reason: "contradiction" } });
  });

  it("has a line here for every state there is", () => {
    expect(new Set(Object.values(LINES).map(({ state }) => state))).toEqual(new Set(LINE_STATES));
  });
});

const { reversed: _later, ...OF_AN_OPEN_ATTEMPT } = OUTCOMES;
const anyOutcome = fc.constantFrom(...Object.values(OF_AN_OPEN_ATTEMPT));
const anyPolicy = fc.record({
  repeatSafe: fc.boolean(),
  inFlightSeconds: fc.integer({ min: 0, max: 3600 }),
  firstAskSeconds: fc.integer({ min: 1, max: 60 }),
});
const anyMoment = fc.integer({ min: -7200, max: 7200 }).map((seconds) => new Date(at(seconds)));
const anyTopup = fc
  .tuple(fc.constantFrom(...LINE_STATES), fc.option(anyAttempt, { nil: undefined }))
  .map(([state, attempt]) => topupLine(state, attempt));
const anyNews = fc.array(fc.tuple(anyOutcome, anyPolicy, anyMoment), { minLength: 1, maxLength: 12 });

const hear = (line: Line, news: readonly (readonly [Outcome, typeof repeatSafe, Date])[]): Line[] =>
  news.reduce<Line[]>(
    (lines, [outcome, policy, now]) => [...lines, applyOutcome(lines.at(-1) ?? line, outcome, policy, now)],
    [line],
  );

/** From the first line that is so, all are that very line. */
function staysAsItIs(lines: readonly Line[], isSo: (line: Line) => boolean): boolean {
  const first = lines.findIndex(isSo);
  return first < 0 || lines.slice(first).every((line) => line === lines[first]);
}

describe("whatever a supplier says, in whatever order, at whatever time", () => {
  it("delivered stays delivered", () => {
    const staysDelivered = fc.property(anyTopup, anyNews, (line, news) => {
      const lines = hear(line, news);
      return staysAsItIs(lines, ({ state }) => state === "fulfilled");
    });
    expect(counterexample(staysDelivered)).toBeUndefined();
  });

  it("a definite no is final: a late yes under the same attempt is not believed and needs no answer", () => {
    const isFinal = fc.property(anyTopup, anyNews, (line, news) => {
      const lines = hear(line, news);
      const isRefused = (one: Line): boolean =>
        !isUnresolved(one) && (one.attempt ?? one.history?.at(-1))?.outcome === "rejected";
      return staysAsItIs(lines, isRefused);
    });
    expect(counterexample(isFinal)).toBeUndefined();
  });

  it("only a yes delivers and only a no resolves", () => {
    const resolves = ["fulfilled", "partly", "rejected", "not_sent", "never_heard"];
    const takesAWord = fc.property(anyTopup, anyOutcome, anyPolicy, anyMoment, (line, outcome, policy, now) => {
      const after = applyOutcome(line, outcome, policy, now);
      const isDelivered = after.state === "fulfilled" && line.state !== "fulfilled";
      const isYes = outcome.kind === "fulfilled" || outcome.kind === "partly";
      const isResolved = isUnresolved(line) && line.attempt !== undefined && !isUnresolved(after);
      return (!isDelivered || isYes) && (!isResolved || resolves.includes(outcome.kind));
    });
    expect(counterexample(takesAWord)).toBeUndefined();
  });

  it("goods and money stay where they are: no word of a supplier sends a line back", () => {
    const staysPut = fc.property(anyTopup, anyNews, (line, news) => {
      const later = hear(line, news).slice(1);
      return later.every((after) => !["unwinding", "returned"].includes(after.state) || after === line);
    });
    expect(counterexample(staysPut)).toBeUndefined();
  });

  it("the attempt keeps its reference and its supplier: a repeat can't buy twice", () => {
    fc.assert(
      fc.property(anyTopup, anyNews, (line, news) => {
        for (const { attempt, history = [] } of hear(line, news)) {
          if (attempt === undefined && history.length > 0) continue; // it was refused, and is over
          expect(attempt?.reference).toBe(line.attempt?.reference);
          expect(attempt?.supplierId).toBe(line.attempt?.supplierId);
          expect(attempt?.placed).toBe(line.attempt?.placed);
        }
      }),
    );
  });

  it("a line that was placed twice is never open again because one call did nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), anyMoment, (placed, now) => {
        const line = topupLine("placing", attemptOf({ placed }));
        expect(applyOutcome(line, OUTCOMES.not_sent, repeatSafe, now).state).toBe("unknown");
      }),
    );
  });

  it("a line that was placed twice is never resolved because one call did nothing, not even before a person", () => {
    const heard = applyOutcome(topupLine("placing", attemptOf({ placed: 2 })), OUTCOMES.not_sent, repeatSafe, NOW);
    const overdue: Line = { ...heard, state: "review" };
    expect(isUnresolved(overdue)).toBe(true);
    const once = applyOutcome(topupLine("placing", attemptOf({ placed: 1 })), OUTCOMES.not_sent, repeatSafe, NOW);
    expect(isUnresolved({ ...once, state: "review" })).toBe(false);
  });

  it("the next question is never in the past of the answer, and the wait never longer than its limit", () => {
    fc.assert(
      fc.property(anyAttempt, anyMoment, (attempt, now) => {
        const after = applyOutcome(topupLine("unknown", attempt), OUTCOMES.unknown, repeatSafe, now);
        if (after.state !== "unknown") return;
        const wait = (Date.parse(after.attempt?.nextAskAt ?? "") - now.getTime()) / 1000;
        expect(wait).toBeGreaterThan(0);
        const age = (now.getTime() - Date.parse(attempt.placedAt)) / 1000;
        expect(wait).toBeLessThanOrEqual(Math.max(LIMITS.longestAskSeconds, age / LIMITS.askEachShareOfAge));
      }),
    );
  });
});

describe("the order's review", () => {
  const waiting = topupLine("review", attemptOf({ outcome: "rejected", reason: "sold_out" }), "2");

  it("names the line and the reason, and since when", () => {
    const change = settled(orderOf("fulfilling", [waiting]), [waiting], NOW);
    expect(change).toMatchObject({ state: "review", review: { reason: "sold_out", lineId: "2", since: at(0) } });
  });

  it("keeps its age while other lines move", () => {
    const review = { reason: "sold_out", since: at(-500), lineId: "2" };
    const order = orderOf("review", [waiting], { review });
    expect(settled(order, [waiting], NOW).review).toEqual(review);
  });

  it("is over as soon as nothing waits for a person, also when a broken run was its reason", () => {
    const review = { reason: "workflow_failed", since: at(-500), execution: "ord_1-1" };
    const order = orderOf("review", [topupLine("accepted", attemptOf())], { review });
    expect(settled(order, order.lines, NOW)).toEqual({ state: "fulfilling", lines: order.lines, review: undefined });
  });
});
