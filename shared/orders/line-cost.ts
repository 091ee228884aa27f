import type { Writes } from "../aws/dynamo.ts";
import { type Cost, costOf, type Slot, type Ticket } from "../inventory/model.ts";
import { bookingWrites } from "../ledger/books.ts";
import { lineCostEntries } from "../ledger/sale-entries.ts";
import type { OrderDeps } from "./deps.ts";
import type { Line, Order } from "./model.ts";

/** Gives a line whose codes were sold, with what they have cost us, as far as it is known. */
export function soldLine({ cost: _before, ...line }: Line, slots: ReadonlyMap<Ticket, Pick<Slot, "cost">>): Line {
  const cost = costOf((line.tickets ?? []).map((ticket) => slots.get(ticket) ?? {}));
  return { ...line, state: "fulfilled", ...(cost.length === 0 ? {} : { cost }) };
}

/**
 * Gives a line that was sold after the order was paid: it says when its cost was booked. The writes book that cost, in
 * the transaction that moves the order.
 */
export async function soldLater(
  deps: OrderDeps,
  { id: orderId, channelId, epoch }: Order,
  line: Line,
  cost: Cost[],
): Promise<{ line: Line; writes: Writes }> {
  if (cost.length === 0) return { line, writes: [] };
  const costAt = deps.clock().toISOString();
  const of = { channelId, orderId, epoch, line: line.id };
  const writes = await bookingWrites(deps, lineCostEntries(of, cost, { at: costAt, zone: deps.zone }));
  return { line: { ...line, cost, costAt }, writes };
}
