import type { Db } from "../aws/dynamo.ts";
import { listChannels } from "../channels/keys.ts";
import { LIMITS } from "../kernel/limits.ts";
import { findOrders, type OrderFilter } from "./find.ts";
import type { Order } from "./model.ts";

/** What is looked for in all channels. `since` bounds what is read: the orders placed from then on. */
export type Search = Omit<OrderFilter, "channelId"> & { reference: string; since: string };

/**
 * Looks for an order by its reference in every channel, one after the other, by their ids. References are in no index, for that would
 * cost each order a write unit more. So it costs a read of each order since `since`, and eight queries for each channel. One call reads
 * `searchPages` pages at most, and ends at the first that has a match; `next` says where the next call goes on.
 */
export async function searchOrders(
  deps: Db<"orders" | "identity">,
  search: Search,
  limit: number,
  after = "",
): Promise<{ orders: Order[]; next: string | null }> {
  const [first = "", startsAt] = after.split(" ");
  const channels = (await listChannels(deps)).map(({ id }) => id).filter((id) => id >= first);
  let read = 0;
  for (const [index, channelId] of channels.entries()) {
    let place = channelId === first ? startsAt || undefined : undefined;
    for (;;) {
      const page = await findOrders(deps, { ...search, channelId }, limit, place);
      read += 1;
      const follows = page.next === null ? channels[index + 1] : `${channelId} ${page.next}`;
      if (page.orders.length > 0 || read >= LIMITS.searchPages) return { orders: page.orders, next: follows ?? null };
      if (page.next === null) break;
      place = page.next;
    }
  }
  return { orders: [], next: null };
}
