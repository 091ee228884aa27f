import { readBatch } from "../inventory/batches.ts";
import type { Slot, Ticket } from "../inventory/model.ts";
import type { Money } from "../kernel/money.ts";
import type { Booked, Times } from "../ledger/entries.ts";
import { defectEntry, replacementEntry } from "../ledger/supply-entries.ts";
import type { Line } from "../orders/model.ts";
import { shareOf } from "../pricing/refund-share.ts";
import type { CaseDeps } from "./deps.ts";

/** What a code has cost us, and whom we owe that. Without a supplier, nobody has said who that is. */
type OwedCost = { cost: Money; supplierId?: string };

/** Finds what codes of a line have cost us. Of those whose cost nobody knows it gives nothing. */
async function costsOf(
  deps: CaseDeps,
  { attempt, tickets = [], quantity, swapped }: Line,
  codes: readonly { ticket: Ticket; slot: Slot }[],
): Promise<OwedCost[]> {
  const found: OwedCost[] = [];
  for (const { ticket, slot } of codes) {
    if (slot.cost !== undefined) {
      const { supplierId } = (await readBatch(deps, slot.productId, slot.batchId)) ?? {};
      found.push({ cost: slot.cost, ...(supplierId === undefined ? {} : { supplierId }) });
      continue;
    }
    // What was bought for the order was booked for all of its pieces.
    const { booked, supplierId } = attempt ?? {};
    const isOfStock = swapped?.fresh.includes(ticket) === true;
    if (booked === undefined || booked.backAt !== undefined || supplierId === undefined || isOfStock) continue;
    const before = tickets.indexOf(ticket);
    const amount = shareOf(booked.cost.amount, { before, more: 1, of: quantity });
    found.push({ cost: { ...booked.cost, amount }, supplierId });
  }
  return found;
}

function sumOf(costs: readonly Money[]): Money[] {
  const alike = Map.groupBy(costs, ({ currency }) => currency);
  return [...alike].map(([currency, some]) => ({
    currency,
    amount: some.reduce((sum, { amount }) => sum + amount, 0),
  }));
}

/**
 * Makes the entries of codes that come in the places of others: what those have cost that did not work is owed by their suppliers, what
 * these have cost is an expense. `more`: by how much the cost of the line grows, by currency.
 */
export async function swapCosts(
  deps: CaseDeps,
  line: Line,
  caseId: string,
  { dead, fresh }: Readonly<Record<"dead" | "fresh", readonly { ticket: Ticket; slot: Slot }[]>>,
  times: Times,
): Promise<{ booked: Booked[]; more: Money[] }> {
  const owed = await costsOf(deps, line, dead);
  const given = sumOf(fresh.flatMap(({ slot }) => slot.cost ?? [])).filter(({ amount }) => amount > 0);
  const bySupplier = Map.groupBy(owed, ({ supplierId }) => supplierId);
  const defects = [...bySupplier].flatMap(([supplierId, some]) =>
    sumOf(some.map(({ cost }) => cost))
      .filter(({ amount }) => amount > 0)
      .map((cost) => defectEntry(caseId, cost, times, supplierId)),
  );
  const less = owed.map(({ cost }) => ({ ...cost, amount: 0 - cost.amount }));
  const more = sumOf([...given, ...less]).filter(({ amount }) => amount !== 0);
  return { booked: [...defects, ...given.map((cost) => replacementEntry(caseId, cost, times))], more };
}

export const added = (before: readonly Money[] = [], more: readonly Money[]): Money[] =>
  sumOf([...before, ...more]).filter(({ amount }) => amount !== 0);
