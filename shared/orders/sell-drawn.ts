import { type Cost, costOf } from "../inventory/model.ts";
import { sellSlot } from "../inventory/slots.ts";
import type { OrderDeps } from "./deps.ts";
import { soldLater } from "./line-cost.ts";
import { dropping, type Line, type Order, withLine } from "./model.ts";
import { stateFrom } from "./states.ts";
import { moveOrder } from "./table.ts";

/**
 * Sells the tickets of an open line that an operator replaced from stock. If one can't be sold (it was swept because we
 * slept too long, or has expired), the order says so first: the line waits for a person. Then all its codes go back,
 * also those that a helper with a slow clock has sold meanwhile; that helper can't finish the line any more.
 */
export async function sellDrawn(deps: OrderDeps, order: Order): Promise<Order> {
  const line = order.lines.find(({ state, tickets }) => state === "open" && tickets !== undefined);
  if (line?.tickets === undefined) return order;
  const now = deps.clock();
  const slots = await Promise.all(line.tickets.map((ticket) => sellSlot(deps, ticket, order.id, now)));
  if (slots.every((slot) => slot !== undefined)) return finish(deps, order, line, costOf(slots));
  const { tickets, ...rest } = line;
  const lines = withLine(order, { ...rest, state: "review" });
  const review = { reason: "sold_out", since: now.toISOString(), lineId: line.id };
  return (await moveOrder(deps, order, { state: stateFrom(lines), lines, review, ...dropping(order, tickets) })).order;
}

async function finish(deps: OrderDeps, order: Order, line: Line, cost: Cost[]): Promise<Order> {
  const sold = await soldLater(deps, order, { ...line, state: "fulfilled" }, cost);
  const lines = withLine(order, sold.line);
  // Progress ends the review of a broken run.
  const review = lines.some(({ state }) => state === "review") ? order.review : undefined;
  return (await moveOrder(deps, order, { state: stateFrom(lines), lines, review }, sold.writes)).order;
}
