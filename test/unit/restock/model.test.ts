import { describe, expect, it } from "vitest";
import { begin, decide, end, type Restock, RestockRule, spentOn } from "../../../shared/restock/model.ts";

const cny = (amount: number) => ({ amount, currency: "CNY" });
const NOW = new Date("2026-01-01T12:00:00Z");
const TOMORROW = new Date("2026-01-02T00:00:00Z");

const restock = (more: Partial<Restock> = {}): Restock => ({
  productId: "prod_0123456789abcdefghij",
  rule: RestockRule.parse({
    below: 10,
    quantity: 5,
    supplierId: "sup_0123456789abcdefghij",
    supplierProductId: "theirs",
    maxCost: cny(50),
    dailyBudget: cny(500),
  }),
  version: 1,
  begun: 0,
  ...more,
});

describe("buying ahead", () => {
  it.each([
    ["there is enough", { left: 10, cost: cny(1) }, { kind: "enough" }],
    ["it is low", { left: 9, cost: cny(50) }, { kind: "buy", cost: cny(50) }],
    ["it costs more", { left: 0, cost: cny(51) }, { kind: "stop", reason: "cost_above_limit" }],
    ["it costs nothing", { left: 0, cost: cny(0) }, { kind: "stop", reason: "cost_of_zero" }],
    ["nobody says what it costs", { left: 0, cost: undefined }, { kind: "stop", reason: "cost_unknown" }],
    [
      "it is asked in another currency",
      { left: 0, cost: { amount: 1, currency: "USD" } },
      { kind: "stop", reason: "cost_unknown" },
    ],
  ] as const)("%s", (_, seen, decision) => {
    expect(decide(restock(), seen, NOW)).toEqual(decision);
  });

  it("does nothing while it is off", () => {
    const { rule } = restock();
    expect(decide(restock({ rule: { ...rule, isOn: false } }), { left: 0, cost: cny(1) }, NOW)).toEqual({
      kind: "enough",
    });
  });

  it("spends no more than the day's budget, counts what is under way, and begins each day at nothing", () => {
    const once = begin(restock(), cny(50), NOW);
    expect(once).toMatchObject({ begun: 1, spent: { day: "2026-01-01", amount: 250 } });
    const twice = begin(once, cny(50), NOW);
    expect(twice.open.reference).not.toBe(once.open.reference);
    expect(decide(twice, { left: 0, cost: cny(1) }, NOW)).toEqual({ kind: "stop", reason: "budget_spent" });
    expect(decide(twice, { left: 0, cost: cny(1) }, TOMORROW)).toMatchObject({ kind: "buy" });
    expect(spentOn(twice, TOMORROW)).toBe(0);
  });

  it("gives back what did not come, to the day that it was taken from and to no other", () => {
    const begun = begin(restock(), cny(50), NOW);
    const last = { reference: "r", at: "", outcome: "stocked" } as const;
    expect(end(begun, begun.open, last, 5).spent).toEqual({ day: "2026-01-01", amount: 250 });
    expect(end(begun, begun.open, last, 2).spent).toEqual({ day: "2026-01-01", amount: 100 });
    const next = begin(end(begun, begun.open, last, 5), cny(50), TOMORROW);
    expect(end(next, begun.open, last, 0).spent).toEqual({ day: "2026-01-02", amount: 250 });
  });

  it("refuses a rule that could never buy", () => {
    const { rule } = restock();
    expect(RestockRule.safeParse({ ...rule, dailyBudget: cny(249) }).success).toBe(false);
    expect(RestockRule.safeParse({ ...rule, dailyBudget: { amount: 500, currency: "USD" } }).success).toBe(false);
  });
});
