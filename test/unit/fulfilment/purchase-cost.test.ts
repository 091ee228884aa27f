import { expect, test } from "vitest";
import { withCostBooked } from "../../../shared/fulfilment/purchase-cost.ts";
import type { Attempt, Line } from "../../../shared/orders/model.ts";
import type { Outcome } from "../../../shared/suppliers/contract.ts";

const now = new Date("2026-03-01T16:30:00.000Z");
const cost = { amount: 90, currency: "USD" };
const attempt: Attempt = {
  reference: "ord_1-1-1-1",
  supplierId: "sup_1",
  supplierProductId: "p",
  cost,
  placedAt: now.toISOString(),
  placed: 1,
  deadline: now.toISOString(),
  unknownUntil: now.toISOString(),
  unknownSeconds: 60,
  asked: 0,
};
const line = { id: "1", quantity: 3, state: "fulfilled", attempt } as Line;
const fulfilled: Outcome = { kind: "fulfilled", supplierOrderId: "s" };

const booked = (of: Line, outcome: Outcome) => withCostBooked(of, of, outcome, now, "Asia/Shanghai");

test("a delivery is booked once, on the day in the shop's zone, at what was expected", () => {
  const first = booked(line, fulfilled);
  expect(first.entries.map(({ owner, entry }) => [owner, entry.name, entry.day, entry.currency, entry.legs])).toEqual([
    [
      "sup_1",
      "purchase:ord_1-1-1-1",
      "2026-03-02",
      "USD",
      [
        { account: "platform:cost", amount: 270 },
        { account: "supplier:sup_1", amount: -270 },
      ],
    ],
  ]);
  expect(booked(first.line, fulfilled).entries).toEqual([]);
});

test("what the supplier says that it charged counts more than what was expected, and a part costs its part", () => {
  const charged = { ...line, attempt: { ...attempt, charged: { amount: 281, currency: "USD" } } };
  expect(booked(charged, fulfilled).entries[0]?.entry.legs[0]?.amount).toBe(281);
  const partly: Outcome = { kind: "partly", supplierOrderId: "s", delivered: 2 };
  expect(booked(line, partly).entries[0]?.entry.legs[0]?.amount).toBe(180);
});

test("nothing is booked at a guess: neither expected nor charged, nothing", () => {
  const { cost: _unknown, ...rest } = attempt;
  expect(booked({ ...line, attempt: rest }, fulfilled)).toEqual({ line: { ...line, attempt: rest }, entries: [] });
});

test("what a supplier takes back is booked back, once, at what was booked; what it never delivered is not", () => {
  const reversed: Outcome = { kind: "reversed" };
  expect(booked(line, reversed).entries).toEqual([]);
  const delivered = booked(line, fulfilled).line;
  const back = booked(delivered, reversed);
  expect(back.entries[0]?.entry).toMatchObject({
    name: "reversal:ord_1-1-1-1",
    link: "purchase:ord_1-1-1-1",
    legs: [
      { account: "supplier:sup_1", amount: 270 },
      { account: "platform:cost", amount: -270 },
    ],
  });
  expect(booked(back.line, reversed).entries).toEqual([]);
});
