import type { Money } from "../kernel/money.ts";
import { type Booked, entryOf, type Leg, move, nameOf, PLATFORM, type Times } from "./entries.ts";

// Entries of what comes from suppliers, and goes back to them.

/** Codes came into stock, of a supplier who is owed their cost. Without one, nobody has said who that is. */
export function importEntry(batchId: string, cost: Money, times: Times, supplierId?: string): Booked {
  const owed = supplierId === undefined ? ("suspense:stock" as const) : (`supplier:${supplierId}` as const);
  const entry = entryOf({ kind: "import", batchId }, cost.currency, move("platform:stock", owed, cost.amount), times);
  return { owner: supplierId ?? PLATFORM, entry };
}

/** A supplier delivered what an order had bought. */
export function purchaseEntry(bought: { reference: string; supplierId: string }, cost: Money, times: Times): Booked {
  const { reference, supplierId } = bought;
  const legs = move("platform:cost", `supplier:${supplierId}`, cost.amount);
  return { owner: supplierId, entry: entryOf({ kind: "purchase", reference }, cost.currency, legs, times) };
}

/** A supplier took back what it had delivered for an order. */
export function reversalEntry(bought: { reference: string; supplierId: string }, cost: Money, times: Times): Booked {
  const { reference, supplierId } = bought;
  const legs = move(`supplier:${supplierId}`, "platform:cost", cost.amount);
  const link = nameOf({ kind: "purchase", reference });
  return { owner: supplierId, entry: entryOf({ kind: "reversal", reference }, cost.currency, legs, times, link) };
}

/**
 * A supplier delivered for our stock. `stocked`: what the codes that are in stock have cost. What was charged beyond
 * that (pieces that did not come, or that we had before) waits until a person has talked to the supplier; what is left
 * over when the charge is divided by the pieces, less than a minor unit for each, is an expense.
 */
export function restockEntry(
  bought: { reference: string; supplierId: string },
  cost: { currency: string; charged: number; stocked: number; leftOver: number },
  times: Times,
): Booked {
  const { reference, supplierId } = bought;
  const { currency, charged, stocked, leftOver } = cost;
  const missing = charged - stocked - leftOver;
  const legs: Leg[] = [
    { account: "platform:stock", amount: stocked },
    ...(leftOver === 0 ? [] : [{ account: "platform:cost", amount: leftOver } as const]),
    ...(missing === 0 ? [] : [{ account: `suspense:${supplierId}`, amount: missing } as const]),
    { account: `supplier:${supplierId}`, amount: 0 - charged },
  ];
  return { owner: supplierId, entry: entryOf({ kind: "purchase", reference }, currency, legs, times) };
}

/**
 * Codes that were sold did not work: their cost is no expense of ours any more, their supplier owes it to us. Without one, nobody has said
 * who that is.
 */
export function defectEntry(caseId: string, cost: Money, times: Times, supplierId?: string): Booked {
  const of = supplierId ?? "stock";
  const legs = move(`receivable:${of}`, "platform:cost", cost.amount);
  const cause = { kind: "defect", caseId, of: `${of}#${cost.currency}` } as const;
  return { owner: supplierId ?? PLATFORM, entry: entryOf(cause, cost.currency, legs, times) };
}

/** Codes of our stock were sold in the places of others, for nothing more. */
export function replacementEntry(caseId: string, cost: Money, times: Times): Booked {
  const legs = move("platform:cost", "platform:stock", cost.amount);
  const cause = { kind: "replacement", caseId, currency: cost.currency } as const;
  return { owner: PLATFORM, entry: entryOf(cause, cost.currency, legs, times) };
}

/** Codes of our stock are void: what they have cost us is an expense now. `of`: the range, or the code. */
export function voidEntry(of: string, cost: Money, times: Times): Booked {
  const legs = move("platform:cost", "platform:stock", cost.amount);
  return { owner: PLATFORM, entry: entryOf({ kind: "void", of }, cost.currency, legs, times) };
}
