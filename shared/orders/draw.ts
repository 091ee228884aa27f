import type { Db } from "../aws/dynamo.ts";
import type { Ticket } from "../inventory/model.ts";
import { drawTickets } from "../inventory/tickets.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Order } from "./model.ts";

/**
 * Draws tickets for an order from the stock that its channel or campaign may have. Fewer tickets than asked for: there
 * are no more.
 */
export async function drawFor(
  deps: Db<"inventory"> & { clock: Clock },
  order: Pick<Order, "id" | "channelId" | "campaign" | "expiresAt">,
  productId: string,
  quantity: number,
): Promise<Ticket[]> {
  const draw = { productId, quantity, buyer: order, seed: seedOf(order.id), goodUntil: order.expiresAt };
  return drawTickets(deps, draw, deps.clock());
}

/** Ends of ids are hashes or random, so they spread orders evenly over lanes; a repeat draws from the same lane. */
function seedOf(orderId: string): number {
  return Number.parseInt(orderId.slice(-6), 32) || 0;
}
