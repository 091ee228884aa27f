import { LARGEST_AMOUNT, type Money } from "../kernel/money.ts";
import type { SupplierEvent } from "./events.ts";

/**
 * Gives what a supplier charged, as it says: its price for one piece, taken `pieces` times. Absent: unknown. An amount
 * that could not be read is unknown, and so is zero: nobody sells for nothing, and a charge of nothing would give money
 * back to a budget.
 */
export function chargedOf(price: Money | undefined, pieces = 1): { charged?: Money } {
  const amount = (price?.amount ?? 0) * pieces;
  const isOne = Number.isSafeInteger(amount) && amount > 0 && amount <= LARGEST_AMOUNT;
  return price !== undefined && isOne ? { charged: { amount, currency: price.currency } } : {};
}

/** How a charge differs from what was agreed, at our expense: it is more, or in a currency that nobody agreed to. */
export type ChargeDifference = "more" | "other_currency";

/**
 * Compares the charge for `pieces` pieces with the cost of one. Undefined: as agreed, less, or one of the two is
 * unknown.
 */
export function differenceOf(
  agreed: Money | undefined,
  pieces: number,
  charged: Money | undefined,
): ChargeDifference | undefined {
  if (agreed === undefined || charged === undefined) return undefined;
  if (agreed.currency !== charged.currency) return "other_currency";
  return charged.amount > agreed.amount * pieces ? "more" : undefined;
}

export type ChargeDiffers = Extract<SupplierEvent, { type: "supplier.charge_differs" }>;

/** Makes the event of a differing charge. It is the same event for a purchase, however often that is asked about. */
export function chargeDiffers(
  { supplierId, reference }: { supplierId: string; reference: string },
  how: ChargeDifference,
  at: string,
): ChargeDiffers {
  return { type: "supplier.charge_differs", occasion: reference, at, facts: { supplierId, reference, how } };
}
