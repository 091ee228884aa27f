import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { waitsForAPerson } from "../../../shared/payments/waiting-refund.ts";

const requestedAt = "2026-05-01T12:00:00.000Z";
const after = (seconds: number): Date => new Date(Date.parse(requestedAt) + seconds * 1000);
const waits = (outcome: Parameters<typeof waitsForAPerson>[1], seconds: number): boolean =>
  waitsForAPerson({ requestedAt }, outcome, after(seconds));

test("too little money at the provider is a person's at once, whether it says so before or after it has taken the refund", () => {
  for (const kind of ["not_sent", "pending"] as const) expect(waits({ kind, reason: "balance_too_low" }, 0)).toBe(true);
});

test("a refund that its provider has not taken for a day is a person's, and one that it works on after two weeks", () => {
  const [day, weeks] = [LIMITS.refundNotTakenSeconds, LIMITS.refundWorkedOnSeconds];
  for (const outcome of [
    { kind: "not_sent", reason: "unauthorised" },
    { kind: "unknown", reason: "timed_out" },
    { kind: "never_heard" },
  ] as const)
    expect([waits(outcome, day - 1), waits(outcome, day)]).toEqual([false, true]);
  expect([waits({ kind: "pending" }, weeks - 1), waits({ kind: "pending" }, weeks)]).toEqual([false, true]);
});

test("what has gone back waits for nobody, and what was refused has a review of its own", () => {
  expect(waits({ kind: "refunded", providerRefundId: "r", at: requestedAt }, 1e9)).toBe(false);
  expect(waits({ kind: "refused", reason: "refund_window_over" }, 1e9)).toBe(false);
});
