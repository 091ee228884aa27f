import type { DomainEvent } from "../events/catalogue.ts";
import { LARGEST_AMOUNT, type Money } from "../kernel/money.ts";

/**
 * What a supplier says that it charged: its price for one piece, taken `pieces` times. Absent means unknown: what could not be read,
 * and zero too. Nobody sells for nothing, and a charge of nothing would give the money back to a budget.
 */
export function chargedOf(price: Money | undefined, pieces = 1): { charged?: Money } {
  const amount = (price?.amount ?? 0) * pieces;
  const isOne = Number.isSafeInteger(amount) && amount > 0 && amount <= LARGEST_AMOUNT;
  return price !== undefined && isOne ? { charged: { amount, currency: price.currency } } : {};
}

/** How a charge differs from what was agreed, at our expense: it is more, or in a currency that nobody has agreed to. */
export type ChargeDifference = "more" | "other_currency";

/** Compares the charge for so many pieces with the cost of one. Undefined: as agreed, less, or one of the two is not known. */
export function differenceOf(
  agreed: Money | undefined,
  pieces: number,
  charged: Money | undefined,
): ChargeDifference | undefined {
  if (agreed === undefined || charged === undefined) return undefined;
  if (agreed.currency !== charged.currency) return "other_currency";
  return charged.amount > agreed.amount * pieces ? "more" : undefined;
}

export type ChargeDiffers = Extract<DomainEvent, { type: "supplier.charge_differs" }>;

/** Tells of it: once for each purchase, however often that is asked about. */
export function chargeDiffers(
  { supplierId, reference }: { supplierId: string; reference: string },
  how: ChargeDifference,
  at: string,
): ChargeDiffers {
  return { type: "supplier.charge_differs", occasion: reference, at, facts: { supplierId, reference, how } };
}
