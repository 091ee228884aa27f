import type { Writes } from "../aws/dynamo.ts";
import type { Slot, Ticket } from "../inventory/model.ts";
import { sellSlot } from "../inventory/slots.ts";
import { after } from "../kernel/clock.ts";
import { bookingWrites } from "../ledger/books.ts";
import { saleEntries } from "../ledger/sale-entries.ts";
import type { OrderDeps } from "./deps.ts";
import { fundingOf } from "./funding.ts";
import { soldLine } from "./line-cost.ts";
import { type Line, type Order, ticketsOf } from "./model.ts";
import { stateFrom } from "./states.ts";

// The parts of a sale from our stock: its slots, what the order says then, and what the books say.

/** Sells the slot of each ticket to the order. `lost`: tickets without a sellable code; then the others may be sold all the same. */
export async function sellSlots(
  deps: OrderDeps,
  order: Order,
  now: Date,
): Promise<{ soldAt: ReadonlyMap<Ticket, Slot>; lost: Ticket[] }> {
  const tickets = ticketsOf(order.lines);
  const slots = await Promise.all(tickets.map((ticket) => sellSlot(deps, ticket, order.id, now)));
  const soldAt = new Map<Ticket, Slot>();
  for (const [index, ticket] of tickets.entries()) {
    const slot = slots[index];
    if (slot !== undefined) soldAt.set(ticket, slot);
  }
  return { soldAt, lost: tickets.filter((ticket) => !soldAt.has(ticket)) };
}

/** Makes the change by which an order is sold that has sold its slots. `stands`: the nonces of what pays; none, if there is nothing to pay. */
export function asSold(
  order: Order,
  soldAt: ReadonlyMap<Ticket, Slot>,
  stands: readonly string[],
  now: Date,
): Pick<Order, "state" | "lines" | "fundedBy" | "fundedAt" | "deliverBy"> {
  const lines = order.lines.map((line): Line => (line.tickets === undefined ? line : soldLine(line, soldAt)));
  const state = stateFrom(lines);
  return {
    state,
    lines,
    fundedBy: stands.length === 0 ? [NOTHING] : stands,
    fundedAt: now.toISOString(),
    ...(state === "fulfilled" || order.promise === undefined
      ? {}
      : { deliverBy: after(now, order.promise.withinSeconds) }),
  };
}

/** Stands for the payment of an order of nothing. */
const NOTHING = "nothing";

/** Makes the writes that book a sale that nobody has to pay for. Any other sale is booked with the pending of what pays for it. */
export async function freeSale(deps: OrderDeps, sold: Order): Promise<Writes> {
  const { currency, cost = [], fundedAt: at = "", ...of } = fundingOf(sold);
  return bookingWrites(deps, saleEntries(of, { amount: 0, currency }, cost, { at, zone: deps.zone }));
}
