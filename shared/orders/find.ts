import type { Db } from "../aws/dynamo.ts";
import { listOrders } from "./list.ts";
import type { Order } from "./model.ts";
import type { OrderState } from "./states.ts";

export type OrderFilter = {
  channelId: string;
  state?: OrderState | undefined;
  reference?: string | undefined;
  /** RFC 3339. Older orders are not read. */
  since?: string | undefined;
};

/**
 * Reads a page of a channel's orders that match a filter, newest first. No index knows states or references: the filter
 * is applied after reading, so a page may be short, and what it costs is the number of orders since `since`.
 */
export async function findOrders(
  deps: Db<"orders">,
  { channelId, state, reference, since = "" }: OrderFilter,
  limit: number,
  after?: string,
): Promise<{ orders: Order[]; next: string | null }> {
  const { orders, next } = await listOrders(deps, { channelId }, limit, after);
  const recent = orders.filter(({ placedAt }) => placedAt >= since);
  const matching = recent.filter(
    (order) =>
      (state === undefined || order.state === state) && (reference === undefined || order.reference === reference),
  );
  return { orders: matching, next: recent.length < orders.length ? null : next };
}
