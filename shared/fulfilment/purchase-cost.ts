import { times } from "../kernel/money.ts";
import type { Zone } from "../ledger/day.ts";
import { type Booked } from "../ledger/entries.ts";
import { purchaseEntry, reversalEntry } from "../ledger/supply-entries.ts";
import type { Line } from "../orders/model.ts";
import type { Outcome } from "../suppliers/contract.ts";

/**
 * Gives a line after a supplier's answer, with the note of what is booked for it, and the entries. Pure. A delivery is
 * booked once, when it is first heard of: what was charged, otherwise what was expected. Nothing is booked if neither is
 * known. What a supplier takes back, or denies later, is booked back, once.
 */
export function withCostBooked(
  before: Line,
  next: Line,
  outcome: Outcome,
  now: Date,
  zone: Zone,
): { line: Line; entries: Booked[] } {
  const { attempt } = next;
  const at = now.toISOString();
  const booked = attempt?.booked;
  if (attempt === undefined) return { line: next, entries: [] };
  switch (outcome.kind) {
    case "fulfilled":
    case "partly": {
      const pieces = outcome.kind === "partly" ? Math.min(outcome.delivered, before.quantity) : before.quantity;
      const cost = attempt.charged ?? (attempt.cost && times(attempt.cost, pieces));
      if (booked !== undefined || cost === undefined || pieces === 0) return { line: next, entries: [] };
      const line = { ...next, attempt: { ...attempt, booked: { cost, at } } };
      return { line, entries: [purchaseEntry(attempt, cost, { at, zone })] };
    }
    case "reversed":
    case "rejected": {
      if (booked === undefined || booked.backAt !== undefined) return { line: next, entries: [] };
      const line = { ...next, attempt: { ...attempt, booked: { ...booked, backAt: at } } };
      return { line, entries: [reversalEntry(attempt, booked.cost, { at, zone })] };
    }
    default:
      return { line: next, entries: [] };
  }
}
