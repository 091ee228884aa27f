import * as z from "zod";
import { utcDay } from "../kernel/clock.ts";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Money } from "../kernel/money.ts";

/** What a rule says. How its fields go together `RestockRule` checks. */
export const RestockFields = z.strictObject({
  /** It buys when fewer codes than this are left in the total pool. */
  below: z.int().min(1).max(1_000_000),
  /** It buys this many at a time, or as many as the supplier takes in one order. */
  quantity: z.int().min(1).max(LIMITS.importLines),
  supplierId: z.string().regex(/^sup_[0-9a-z]{20,26}$/, "must be a supplier id"),
  supplierProductId: z.string().min(1).max(100),
  /** It stops while one piece costs more than this. */
  maxCost: Money,
  /** It spends no more than this in one day, UTC. */
  dailyBudget: Money,
  isOn: z.boolean().default(true),
});

const consistent = <S extends z.ZodType<z.infer<typeof RestockFields>>>(schema: S) =>
  schema
    .refine(({ maxCost, dailyBudget }) => maxCost.currency === dailyBudget.currency, {
      path: ["dailyBudget", "currency"],
      message: "must be that of maxCost",
    })
    .refine(({ maxCost, dailyBudget, quantity }) => maxCost.amount * quantity <= dailyBudget.amount, {
      path: ["dailyBudget", "amount"],
      message: "does not cover one purchase at the highest cost",
    });

/** When and how a product's stock is bought ahead, as an operator says it. */
export const RestockRule = consistent(RestockFields);
export type RestockRule = z.infer<typeof RestockRule>;

/**
 * A change of a rule: only what changes. The first time all of it is needed, except `isOn`. `closes` names a stuck
 * purchase that a person has cleared up with its supplier: nothing more comes of it.
 */
export const RestockChange = RestockFields.extend({ isOn: z.boolean(), closes: z.string().min(1).max(64) })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "must say what to change");
export type RestockChange = z.infer<typeof RestockChange>;

/** One purchase. `reference` names it at the supplier; a repeat brings the same goods. */
export type Purchase = {
  reference: string;
  supplierId: string;
  supplierProductId: string;
  quantity: number;
  /** The expected cost of one piece. */
  cost: Money;
  /** What the supplier charged for all of it, as it says. From then on this counts as spent. */
  charged?: Money;
  placedAt: string;
  /** When it was placed again last; written before the call. Absent: it was placed once. */
  againAt?: string;
  state: "placing" | "accepted" | "stuck";
  supplierOrderId?: string;
  reason?: string;
  /** Since when the supplier says that it is delivered, without handing over all of it. */
  incompleteSince?: string;
  /** It was delivered, and this many pieces that were paid for are not in stock. A person talks to the supplier. */
  shortfall?: number;
};

/** What was spent in one currency on one day. */
export type Spent = { day: string; amount: number; currency: string };

/** A rule with its purchases. `version` rises with each change, and every change is conditional on it. */
export type Restock = {
  productId: string;
  rule: RestockRule;
  version: number;
  /** How many purchases were ever begun: their names are numbered. */
  begun: number;
  open?: Purchase;
  /** The last day on which something was spent, an entry for each currency. */
  spent?: readonly Spent[];
  /** References of purchases about which their suppliers have called; the next look asks. */
  news?: readonly string[];
  /** Why it doesn't buy although it should. Told once for each time that the reason changes. */
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

/** Gives what is spent on the day of `now`, in minor units of the rule's currency. */
export function spentOn({ spent = [], rule }: Pick<Restock, "spent" | "rule">, now: Date): number {
  return spent.find((line) => line.day === utcDay(now) && line.currency === rule.dailyBudget.currency)?.amount ?? 0;
}

/** Adds an amount, which may be negative, to what was spent on `day`. Other days are dropped. */
function spend(spent: readonly Spent[] = [], day: string, { amount, currency }: Money): readonly Spent[] {
  const ofDay = spent.filter((line) => line.day === day);
  const before = ofDay.find((line) => line.currency === currency)?.amount ?? 0;
  return [...ofDay.filter((line) => line.currency !== currency), { day, amount: before + amount, currency }];
}

/** What was spent, as the previous version wrote it: one entry, in the currency of what was bought. */
type WithoutCurrency = Omit<Spent, "currency">;

/** Reads an item of any version. */
export function asRestock(stored: Omit<Restock, "spent"> & { spent?: readonly Spent[] | WithoutCurrency }): Restock {
  const { spent, ...rest } = stored;
  if (spent === undefined) return rest;
  if (!("day" in spent)) return { ...rest, spent };
  const { currency } = rest.open?.cost ?? rest.rule.dailyBudget;
  return { ...rest, spent: [{ ...spent, currency }] };
}

/**
 * Decides whether to buy now, and if not, why. `cost`: what the supplier asked for a piece lately. `left`: the codes in
 * the total pool. Pure.
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
 * Begins a purchase: this is written before the purchase is made, with its money counted as spent. The supplier takes
 * `atMost` pieces in one order; later looks buy the rest.
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
    spent: spend(restock.spent, utcDay(now), { ...cost, amount: cost.amount * quantity }),
  };
}

/** Names the batch of a purchase's goods. */
export const batchIdFor = ({ reference }: Pick<Purchase, "reference">): string => idOf("batch", "purchase", reference);

/** Gives when a purchase was placed last. From then on a request may be on its way. */
export const lastPlacedAt = ({ placedAt, againAt = placedAt }: Purchase): string => againAt;

/**
 * Gives what counts as spent on a purchase: what was charged, or what was expected while that is unknown. A charge in
 * another currency can't be counted in this one.
 */
export function countedFor({ cost, quantity, charged }: Purchase): number {
  return charged?.currency === cost.currency ? charged.amount : cost.amount * quantity;
}

/** Notes what was charged for a purchase. From now on that counts as spent. */
export function charging(restock: Restock, open: Purchase, charged: Money): Restock & { open: Purchase } {
  const noted = { ...open, charged };
  return { ...charge(restock, open, countedFor(noted)), open: noted };
}

/** Replaces what counted as spent on a purchase, on the day that it was begun. A day that is over stays as it is. */
export function charge(restock: Restock, open: Purchase, charged: number): Restock {
  const { spent } = restock;
  const day = open.placedAt.slice(0, 10);
  const isSameDay = spent?.some((line) => line.day === day) ?? false;
  const more = charged - countedFor(open);
  return isSameDay && more !== 0
    ? { ...restock, spent: spend(spent, day, { amount: more, currency: open.cost.currency }) }
    : restock;
}

/** Ends the purchase, and the reason why nothing was bought. */
export function end(restock: Restock, outcome: NonNullable<Restock["last"]>): Restock {
  const { open: _open, stopped: _stopped, ...rest } = restock;
  return { ...rest, last: outcome };
}
