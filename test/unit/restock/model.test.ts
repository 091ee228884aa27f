import { describe, expect, it } from "vitest";
import {
  asRestock,
  begin,
  charge,
  charging,
  countedFor,
  decide,
  end,
  type Restock,
  RestockRule,
  spentOn,
} from "../../../shared/restock/model.ts";

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

  const buys = (before: Restock, now = NOW) => begin(before, cny(50), 100, now);
  const ended = (before: Restock & { open: NonNullable<Restock["open"]> }, charged: number): Restock =>
    end(charge(before, before.open, charged), { reference: "r", at: "", outcome: "stocked" });

  it("spends no more than the day's budget, counts what is under way, and begins each day at nothing", () => {
    const once = buys(restock());
    expect(once).toMatchObject({ begun: 1, spent: [{ day: "2026-01-01", amount: 250, currency: "CNY" }] });
    const twice = buys(once);
    expect(twice.open.reference).not.toBe(once.open.reference);
    expect(decide(twice, { left: 0, cost: cny(1) }, NOW)).toEqual({ kind: "stop", reason: "budget_spent" });
    expect(decide(twice, { left: 0, cost: cny(1) }, TOMORROW)).toMatchObject({ kind: "buy" });
    expect(spentOn(twice, TOMORROW)).toBe(0);
  });

  it("counts what was charged, on the day that it was begun and on no other", () => {
    const begun = buys(restock());
    expect(ended(begun, 250).spent).toMatchObject([{ day: "2026-01-01", amount: 250 }]);
    expect(ended(begun, 100).spent).toMatchObject([{ day: "2026-01-01", amount: 100 }]);
    const next = buys(ended(begun, 250), TOMORROW);
    const late = { ...next, open: begun.open };
    expect(ended(late, 0).spent).toMatchObject([{ day: "2026-01-02", amount: 250 }]);
  });

  it("counts what was charged from when it is known, once, and nothing for one that is refused after all", () => {
    const begun = buys(restock());
    const known = charging(begun, begun.open, cny(300));
    expect(known).toMatchObject({ open: { charged: cny(300) }, spent: [{ amount: 300 }] });
    expect(charge(known, known.open, countedFor(known.open)).spent).toEqual(known.spent);
    expect(charge(known, known.open, 0).spent).toMatchObject([{ amount: 0 }]);
    const next = buys(known);
    expect(decide(next, { left: 0, cost: cny(1) }, NOW)).toEqual({ kind: "stop", reason: "budget_spent" });
  });

  it("leaves what was expected counted where the charge is in another currency", () => {
    const begun = buys(restock());
    expect(charging(begun, begun.open, { amount: 1, currency: "USD" }).spent).toEqual(begun.spent);
  });

  it("buys no more at once than the supplier takes, and counts only that", () => {
    expect(begin(restock(), cny(50), 1, NOW)).toMatchObject({ open: { quantity: 1 }, spent: [{ amount: 50 }] });
  });

  it("counts each currency by itself, so that a rule that goes to another and back has its old budget", () => {
    const { rule } = restock();
    const usd = { amount: 50, currency: "USD" };
    const abroad = { ...rule, maxCost: usd, dailyBudget: { amount: 500, currency: "USD" } };
    const inCny = ended(buys(restock()), 250);
    const inUsd = ended(begin({ ...inCny, rule: abroad }, usd, 100, NOW), 250);
    expect(spentOn(inUsd, NOW)).toBe(250);
    expect(spentOn({ ...inUsd, rule }, NOW)).toBe(250);
    expect(inUsd.spent).toHaveLength(2);
  });

  it("reads what was spent before it had a currency: it is that of what was bought", () => {
    const { spent, ...old } = buys(restock());
    const stored = { ...old, spent: { day: "2026-01-01", amount: 250 } };
    expect(asRestock(stored).spent).toEqual(spent);
    expect(asRestock(old)).toEqual(old);
  });

  it("refuses a rule that could never buy", () => {
    const { rule } = restock();
    expect(RestockRule.safeParse({ ...rule, dailyBudget: cny(249) }).success).toBe(false);
    expect(RestockRule.safeParse({ ...rule, dailyBudget: { amount: 500, currency: "USD" } }).success).toBe(false);
  });
});
