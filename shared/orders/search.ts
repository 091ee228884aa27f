import type { Db } from "../aws/dynamo.ts";
import { acrossChannels } from "../channels/across.ts";
import { findOrders, type OrderFilter } from "./find.ts";
import type { Order } from "./model.ts";

/** What is looked for in all channels. `since` bounds what is read: the orders placed from then on. */
export type Search = Omit<OrderFilter, "channelId"> & { reference: string; since: string };

/**
 * Looks for an order by its reference in every channel. References are in no index, for that would cost each order a write unit more. So it
 * costs a read of each order since `since`, and eight queries for each channel. `next` says where the next call goes on.
 */
export async function searchOrders(
  deps: Db<"orders" | "identity">,
  search: Search,
  limit: number,
  after = "",
): Promise<{ orders: Order[]; next: string | null }> {
  const { items, next } = await acrossChannels(deps, after, async (channelId, place) => {
    const page = await findOrders(deps, { ...search, channelId }, limit, place);
    return { items: page.orders, next: page.next };
  });
  return { orders: items, next };
}
