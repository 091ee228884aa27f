import * as z from "zod";
import { LIMITS } from "../kernel/limits.ts";
import { Money } from "../kernel/money.ts";

/** When and how a product's stock is bought anew, as an operator says it. */
export const RestockRule = z
  .strictObject({
    /** Fewer codes than this left in the total pool, and it buys. */
    below: z.int().min(1).max(1_000_000),
    /** So many at a time. */
    quantity: z.int().min(1).max(LIMITS.importLines),
    supplierId: z.string().regex(/^sup_[0-9a-z]{20,26}$/, "must be a supplier id"),
    supplierProductId: z.string().min(1).max(100),
    /** It stops while one piece costs more. */
    maxCost: Money,
    /** It spends no more in one day, UTC. */
    dailyBudget: Money,
    isOn: z.boolean().default(true),
  })
  .refine(({ maxCost, dailyBudget }) => maxCost.currency === dailyBudget.currency, {
    path: ["dailyBudget", "currency"],
    message: "must be that of maxCost",
  })
  .refine(({ maxCost, dailyBudget, quantity }) => maxCost.amount * quantity <= dailyBudget.amount, {
    path: ["dailyBudget", "amount"],
    message: "does not cover one purchase at the highest cost",
  });
export type RestockRule = z.infer<typeof RestockRule>;

/** One purchase. `reference` names it at the supplier: whoever places it again gets the same goods. */
export type Purchase = {
  reference: string;
  supplierId: string;
  supplierProductId: string;
  quantity: number;
  /** For one piece. */
  cost: Money;
  placedAt: string;
  state: "placing" | "accepted" | "stuck";
  supplierOrderId?: string;
  reason?: string;
};

/** A rule with what has come of it. `version` rises with each change, and every change is conditional on it. */
export type Restock = {
  productId: string;
  rule: RestockRule;
  version: number;
  /** Purchases ever begun: their names are numbered. */
  begun: number;
  open?: Purchase;
  spent?: { day: string; amount: number };
  /** Why it does not buy although it should; told once for each time that the reason changes. */
  stopped?: { reason: StopReason; at: string; told: boolean };
  last?: { reference: string; at: string; outcome: "stocked" | "refused"; imported?: number; reason?: string };
};

export type StopReason = "cost_unknown" | "cost_above_limit" | "cost_of_zero" | "budget_spent" | "purchase_stuck";

const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** What is spent on the day of `now`, in minor units. */
export function spentOn({ spent }: Pick<Restock, "spent">, now: Date): number {
  return spent?.day === dayOf(now) ? spent.amount : 0;
}

/**
 * What there is to buy now, or why not. `cost` is what the supplier asks for a piece, as of lately; `left` what lies in the total pool.
 * Pure.
 */
export function decide(
  restock: Restock,
  { left, cost }: { left: number; cost: Money | undefined },
  now: Date,
): { kind: "enough" } | { kind: "stop"; reason: StopReason } | { kind: "buy"; cost: Money } {
  const { rule } = restock;
  if (!rule.isOn || left >= rule.below) return { kind: "enough" };
  if (cost === undefined || cost.currency !== rule.maxCost.currency) return { kind: "stop", reason: "cost_unknown" };
  if (cost.amount === 0) return { kind: "stop", reason: "cost_of_zero" };
  if (cost.amount > rule.maxCost.amount) return { kind: "stop", reason: "cost_above_limit" };
  if (spentOn(restock, now) + cost.amount * rule.quantity > rule.dailyBudget.amount)
    return { kind: "stop", reason: "budget_spent" };
  return { kind: "buy", cost };
}

/** The purchase as it is written down before it is made, its money counted as spent. */
export function begin(restock: Restock, cost: Money, now: Date): Restock & { open: Purchase } {
  const { rule, productId } = restock;
  const { stopped: _over, ...rest } = restock;
  const begun = restock.begun + 1;
  return {
    ...rest,
    begun,
    open: {
      reference: `restock_${productId.slice("prod_".length, "prod_".length + 20)}-${begun}`,
      supplierId: rule.supplierId,
      supplierProductId: rule.supplierProductId,
      quantity: rule.quantity,
      cost,
      placedAt: now.toISOString(),
      state: "placing",
    },
    spent: { day: dayOf(now), amount: spentOn(restock, now) + cost.amount * rule.quantity },
  };
}

/** The purchase is over. What did not come was not spent, as long as it is the same day. */
export function end(restock: Restock, open: Purchase, outcome: NonNullable<Restock["last"]>, pieces: number): Restock {
  const { open: _open, stopped: _stopped, spent, ...rest } = restock;
  const isSameDay = spent?.day === open.placedAt.slice(0, 10);
  const back = open.cost.amount * (open.quantity - pieces);
  return {
    ...rest,
    ...(spent === undefined ? {} : { spent: isSameDay ? { ...spent, amount: spent.amount - back } : spent }),
    last: outcome,
  };
}
