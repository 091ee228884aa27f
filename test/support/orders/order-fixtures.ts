import * as fc from "fast-check";
import type { Attempt, Line, Order } from "../../../shared/orders/model.ts";
import { LINE_STATES, type LineState, MOVES, type OrderState } from "../../../shared/orders/states.ts";
import type { Outcome } from "../../../shared/suppliers/contract.ts";

/** The moment at which the tests of pure code take place. */
export const NOW = new Date("2026-03-01T12:00:00.000Z");

/** `NOW` and some seconds. */
export const at = (seconds: number): string => new Date(NOW.getTime() + seconds * 1000).toISOString();

export const ORDER_STATES = Object.keys(MOVES) as OrderState[];

/** Was placed just now, for the first time, and nothing was heard since. */
export function attemptOf(more: Partial<Attempt> = {}): Attempt {
  return {
    reference: "ord_1-1-1-1",
    supplierId: "sup_1",
    supplierProductId: "phone_50",
    placedAt: at(0),
    placed: 1,
    deadline: at(900),
    unknownUntil: at(3600),
    unknownSeconds: 3600,
    asked: 0,
    ...more,
  };
}

export function topupLine(state: LineState, attempt?: Attempt, id = "1"): Line {
  const line: Line = {
    id,
    productId: "prod_topup",
    productVersion: 1,
    kind: "topup",
    name: "Phone credit",
    quantity: 1,
    unitPrice: 4950,
    net: 4950,
    state,
  };
  return attempt === undefined ? line : { ...line, attempt };
}

export function codeLine(state: LineState, id = "1"): Line {
  return { ...topupLine(state, undefined, id), kind: "code", tickets: ["00aa:1"] };
}

export function orderOf(state: OrderState, lines: Line[], more: Partial<Order> = {}): Order {
  return {
    id: "ord_1",
    channelId: "chan_1",
    version: 3,
    epoch: 1,
    run: 1,
    state,
    requestHash: "hash",
    placedAt: at(-60),
    total: { amount: 4950, currency: "CNY" },
    lines,
    refunded: 0,
    ...more,
  };
}

const seconds = fc.integer({ min: -7200, max: 7200 });

/** Attempts as they may be found, early, late and half-way. */
export const anyAttempt: fc.Arbitrary<Attempt> = fc
  .record(
    {
      placed: fc.integer({ min: 1, max: 8 }),
      placedAt: seconds.map(at),
      deadline: seconds.map(at),
      unknownUntil: seconds.map(at),
      asked: fc.integer({ min: 0, max: 40 }),
      nextAskAt: seconds.map(at),
      outcome: fc.constantFrom("fulfilled", "accepted", "rejected", "unknown", "never_heard", "not_sent"),
      reason: fc.constantFrom("sold_out", "timeout"),
    },
    { requiredKeys: ["placed", "placedAt", "deadline", "unknownUntil", "asked"] },
  )
  .map((attempt) => attemptOf(attempt as Partial<Attempt>));

const anyLine: fc.Arbitrary<Line> = fc
  .tuple(fc.constantFrom(...LINE_STATES), fc.option(anyAttempt, { nil: undefined }), fc.boolean())
  .map(([state, attempt, isCode]) => (isCode ? codeLine(state) : topupLine(state, attempt)));

export const anyLines: fc.Arbitrary<Line[]> = fc
  .array(anyLine, { minLength: 1, maxLength: 6 })
  .map((lines) => lines.map((line, index) => ({ ...line, id: String(index + 1) })));

/** How a supplier takes a repeat of the same reference: as one order, or perhaps as two. */
export const repeatSafe = { repeatSafe: true, inFlightSeconds: 60, firstAskSeconds: 5 };
export const neverRepeat = { repeatSafe: false, inFlightSeconds: 60, firstAskSeconds: 5 };

/** One of each thing that a supplier may say of an order. */
export const OUTCOMES = {
  fulfilled: { kind: "fulfilled", supplierOrderId: "theirs" },
  accepted: { kind: "accepted", supplierOrderId: "theirs" },
  partly: { kind: "partly", supplierOrderId: "theirs", delivered: 1 },
  rejected: { kind: "rejected", reason: "sold_out" },
  unknown: { kind: "unknown", reason: "timeout" },
  never_heard: { kind: "never_heard" },
  not_sent: { kind: "not_sent", reason: "unreachable" },
  reversed: { kind: "reversed", supplierOrderId: "theirs" },
} as const satisfies Record<Outcome["kind"], Outcome>;
