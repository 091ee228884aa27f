import * as z from "zod";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Money } from "../kernel/money.ts";

const fields = z.strictObject({
  /** Fewer codes than this left in the total pool, and it buys. */
  below: z.int().min(1).max(1_000_000),
  /** So many at a time, or as many as the supplier takes in one order. */
  quantity: z.int().min(1).max(LIMITS.importLines),
  supplierId: z.string().regex(/^sup_[0-9a-z]{20,26}$/, "must be a supplier id"),
  supplierProductId: z.string().min(1).max(100),
  /** It stops while one piece costs more. */
  maxCost: Money,
  /** It spends no more in one day, UTC. */
  dailyBudget: Money,
  isOn: z.boolean().default(true),
});

const consistent = <S extends z.ZodType<z.infer<typeof fields>>>(schema: S) =>
  schema
    .refine(({ maxCost, dailyBudget }) => maxCost.currency === dailyBudget.currency, {
      path: ["dailyBudget", "currency"],
      message: "must be that of maxCost",
    })
    .refine(({ maxCost, dailyBudget, quantity }) => maxCost.amount * quantity <= dailyBudget.amount, {
      path: ["dailyBudget", "amount"],
      message: "does not cover one purchase at the highest cost",
    });

/** When and how a product's stock is bought anew, as an operator says it. */
export const RestockRule = consistent(fields);
export type RestockRule = z.infer<typeof RestockRule>;

/**
 * What an operator says to change a rule: only what changes. The first time, all of it but `isOn`. `closes` names a stuck purchase that
 * a person has settled with its supplier: nothing more comes of it.
 */
export const RestockChange = fields
  .extend({ isOn: z.boolean(), closes: z.string().min(1).max(64) })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "says what to change");
export type RestockChange = z.infer<typeof RestockChange>;

/** One purchase. `reference` names it at the supplier: a repeat of it brings the same goods. */
export type Purchase = {
  reference: string;
  supplierId: string;
  supplierProductId: string;
  quantity: number;
  /** For one piece, as expected. */
  cost: Money;
  /** What the supplier says that it charged for all of it; from then on told, and counted as spent. */
  charged?: Money;
  placedAt: string;
  /** When it was placed again last: written before the call. Absent: it was placed once. */
  againAt?: string;
  state: "placing" | "accepted" | "stuck";
  supplierOrderId?: string;
  reason?: string;
  /** Since when the supplier has said that it is delivered, and has not handed over all of it. */
  incompleteSince?: string;
  /** It was delivered, and so many pieces that were paid for are not in stock. A person talks to the supplier. */
  shortfall?: number;
};

/** What was spent in one currency on one day. */
export type Spent = { day: string; amount: number; currency: string };

/** A rule with what has come of it. `version` rises with each change, and every change is conditional on it. */
export type Restock = {
  productId: string;
  rule: RestockRule;
  version: number;
  /** Purchases ever begun: their names are numbered. */
  begun: number;
  open?: Purchase;
  /** The last day on which something was spent, a line for each currency. */
  spent?: readonly Spent[];
  /** References of purchases that their suppliers have said something about: the next look asks. */
  news?: readonly string[];
  /** Why it does not buy although it should; told once for each time that the reason changes. */
  stopped?: { reason: StopReason; at: string; told: boolean };
  last?: {
    reference: string;
    at: string;
    outcome: "stocked" | "refused" | "closed";
    imported?: number;
    charged?: Money;
    shortfall?: number;
    reason?: string;
  };
};

export type StopReason = "cost_unknown" | "cost_above_limit" | "cost_of_zero" | "budget_spent" | "purchase_stuck";

const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** What is spent on the day of `now`, in minor units of the rule's currency. */
export function spentOn({ spent = [], rule }: Pick<Restock, "spent" | "rule">, now: Date): number {
  return spent.find((line) => line.day === dayOf(now) && line.currency === rule.dailyBudget.currency)?.amount ?? 0;
}

/** What was spent on `day` with this much more in one currency, or less. Other days are over. */
function spend(spent: readonly Spent[] = [], day: string, { amount, currency }: Money): readonly Spent[] {
  const ofDay = spent.filter((line) => line.day === day);
  const before = ofDay.find((line) => line.currency === currency)?.amount ?? 0;
  return [...ofDay.filter((line) => line.currency !== currency), { day, amount: before + amount, currency }];
}

/** As the previous version wrote it: one line, in the currency of what was bought. */
type WithoutCurrency = Omit<Spent, "currency">;

/** Reads what any version wrote. */
export function asRestock(stored: Omit<Restock, "spent"> & { spent?: readonly Spent[] | WithoutCurrency }): Restock {
  const { spent, ...rest } = stored;
  if (spent === undefined) return rest;
  if (!("day" in spent)) return { ...rest, spent };
  const { currency } = rest.open?.cost ?? rest.rule.dailyBudget;
  return { ...rest, spent: [{ ...spent, currency }] };
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

/**
 * The purchase as it is written down before it is made, its money counted as spent. The supplier takes `atMost` pieces in one
 * order: the rest is bought by the next looks.
 */
export function begin(restock: Restock, cost: Money, atMost: number, now: Date): Restock & { open: Purchase } {
  const { rule, productId } = restock;
  const { stopped: _over, ...rest } = restock;
  const begun = restock.begun + 1;
  const quantity = Math.min(rule.quantity, atMost);
  return {
    ...rest,
    begun,
    open: {
      reference: `restock_${productId.slice("prod_".length, "prod_".length + 20)}-${begun}`,
      supplierId: rule.supplierId,
      supplierProductId: rule.supplierProductId,
      quantity,
      cost,
      placedAt: now.toISOString(),
      state: "placing",
    },
    spent: spend(restock.spent, dayOf(now), { ...cost, amount: cost.amount * quantity }),
  };
}

/** The batch that a purchase's goods become. */
export const batchIdFor = ({ reference }: Pick<Purchase, "reference">): string => idOf("batch", "purchase", reference);

/** When it was placed last: a request may be on its way from then on. */
export const lastPlacedAt = ({ placedAt, againAt = placedAt }: Purchase): string => againAt;

/**
 * What counts as spent on a purchase: what was charged, or what was expected while that is not known. A charge in another currency
 * can't be counted in this one.
 */
export function countedFor({ cost, quantity, charged }: Purchase): number {
  return charged?.currency === cost.currency ? charged.amount : cost.amount * quantity;
}

/** The same purchase with what was charged for it, which counts as spent from now on. */
export function charging(restock: Restock, open: Purchase, charged: Money): Restock & { open: Purchase } {
  const noted = { ...open, charged };
  return { ...charge(restock, open, countedFor(noted)), open: noted };
}

/**
 * What is known to be charged for it instead of what was counted before: `spent` follows, on the day that it was begun. A day that is
 * over is left alone.
 */
export function charge(restock: Restock, open: Purchase, charged: number): Restock {
  const { spent } = restock;
  const day = open.placedAt.slice(0, 10);
  const isSameDay = spent?.some((line) => line.day === day) ?? false;
  const more = charged - countedFor(open);
  return isSameDay && more !== 0
    ? { ...restock, spent: spend(spent, day, { amount: more, currency: open.cost.currency }) }
    : restock;
}

/** The purchase is over, and so is what kept it from going on. */
export function end(restock: Restock, outcome: NonNullable<Restock["last"]>): Restock {
  const { open: _open, stopped: _stopped, ...rest } = restock;
  return { ...rest, last: outcome };
}
