import { describe, expect, test } from "vitest";
import { definition } from "../../../infra/workflows/definition.ts";
import { patient } from "../../../infra/workflows/retry.ts";
import { applyOutcome, settled } from "../../../shared/fulfilment/outcome.ts";
import { stepAfter } from "../../../shared/fulfilment/step.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Line, Order } from "../../../shared/orders/model.ts";
import { attemptOf, NOW, orderOf, topupLine } from "../../support/orders/order-fixtures.ts";

// A run of Step Functions may have 25,000 events in its history; the next one fails it. What each state writes there is said in
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
const MOST_EVENTS = 25_000;
const CHOICE = 2; // entered, exited
const TASK = 5; // entered, scheduled, started, succeeded, exited
const TIMED_OUT_WAIT = 6; // entered, scheduled, started, submitted, timed out, exited

const DAY = 24 * 3600;
const ACCEPTED = { kind: "accepted", supplierOrderId: "theirs" } as const;
const policy = { repeatSafe: true, inFlightSeconds: 60, firstAskSeconds: 2 };

/** The events of a run whose lines are accepted and asked about, in vain, until their time is over. */
function eventsOf(lines: number, days: number): { events: number; state: Order["state"] } {
  const until = new Date(NOW.getTime() + days * DAY * 1000).toISOString();
  const accepted = (id: number): Line => {
    const attempt = attemptOf({ placedAt: NOW.toISOString(), deadline: until, asked: 0 });
    return applyOutcome(topupLine("placing", attempt, String(id)), ACCEPTED, policy, NOW);
  };
  let order = orderOf(
    "fulfilling",
    Array.from({ length: lines }, (_, index) => accepted(index + 1)),
  );
  let [now, events] = [NOW, 0];
  for (;;) {
    const next = stepAfter(order, now);
    events += CHOICE;
    if (next.step === "await_supplier") {
      events += TIMED_OUT_WAIT;
      now = new Date(now.getTime() + next.seconds * 1000);
    } else if (next.step === "ask") {
      events += TASK;
      const asked = order.lines.map((line) =>
        line.id === next.lineId ? applyOutcome(line, ACCEPTED, policy, now) : line,
      );
      order = { ...order, ...settled(order, asked, now) } as Order;
    } else return { events, state: order.state };
  }
}

describe("a supplier that may take long", () => {
  test.each([
    [1, 7],
    [LIMITS.linesPerOrder, 7],
    [LIMITS.linesPerOrder, 14],
  ])("%i lines that take %i days leave room in the history of their run", (lines, days) => {
    const { events, state } = eventsOf(lines, days);
    expect(state).toBe("review");
    expect(events).toBeGreaterThan(100);
    expect(events).toBeLessThan(MOST_EVENTS / 2);
  });
});

test("a state that is not counted here would be noticed", () => {
  const steps = { planOrder: "p", placeLine: "l", askSupplier: "a", awaitWakeUp: "w" };
  const { States } = definition({ steps, retry: patient, partition: "aws" });
  expect(Object.keys(States).toSorted()).toEqual(
    [
      "Ask the supplier",
      "Done",
      "Pause before the next try",
      "Place what is open",
      "Plan the next step",
      "Wait for a decision",
      "Wait for the supplier",
      "What is next?",
    ].toSorted(),
  );
});
