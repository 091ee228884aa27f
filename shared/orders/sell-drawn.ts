import { giveBack } from "../inventory/give-back.ts";
import type { Ticket } from "../inventory/model.ts";
import { sellSlot } from "../inventory/slots.ts";
import type { OrderDeps } from "./deps.ts";
import { type Line, type Order, withLine } from "./model.ts";
import { stateFrom } from "./states.ts";
import { moveOrder } from "./table.ts";

/**
 * Sells the tickets that an open line of a paid order names: somebody replaced it from stock. When one of them was swept,
 * for we slept too long, the others go back before the order forgets them, and a person chooses again.
 */
export async function sellDrawn(deps: OrderDeps, order: Order): Promise<Order> {
  const line = order.lines.find(({ state, tickets }) => state === "open" && tickets !== undefined);
  if (line?.tickets === undefined) return order;
  const now = deps.clock();
  const slots = await Promise.all(line.tickets.map((ticket) => sellSlot(deps, ticket, order.id, now)));
  if (slots.every((slot) => slot !== undefined)) return finish(deps, order, { ...line, state: "fulfilled" });
  await giveAllBack(deps, order.id, line.tickets);
  const { tickets: _swept, ...rest } = line;
  const lines = withLine(order, { ...rest, state: "review" });
  const review = { reason: "sold_out", since: now.toISOString(), lineId: line.id };
  return (await moveOrder(deps, order, { state: stateFrom(lines), lines, review })).order;
}

async function finish(deps: OrderDeps, order: Order, line: Line): Promise<Order> {
  const lines = withLine(order, line);
  // A review of a broken run ends with the progress.
  const review = lines.some(({ state }) => state === "review") ? order.review : undefined;
  return (await moveOrder(deps, order, { state: stateFrom(lines), lines, review })).order;
}

async function giveAllBack(deps: OrderDeps, orderId: string, tickets: readonly Ticket[]): Promise<void> {
  await Promise.all(tickets.map((ticket) => giveBack(deps, ticket, { orderId })));
}
