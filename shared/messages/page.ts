import { tokenOf } from "../orders/link.ts";
import type { Order } from "../orders/model.ts";
import type { LinkToken } from "../secrecy/link-tokens.ts";
import type { ChannelMessages } from "./table.ts";
import type { Link } from "./templates/compose.ts";

/** Makes the address of our page of an order from its token. */
export type Pages = { token: LinkToken; urlOf: (token: string) => string };

/**
 * Gives the address of a buyer's page of an order: where its channel has said, or else ours, by the link that the sale has made. Undefined:
 * the order has no link, or that has ended.
 */
export function pageOfOrder(
  order: Order,
  { page }: ChannelMessages,
  now: Date,
  { token, urlOf }: Pages,
): Link | undefined {
  if (page !== undefined) return { url: page.replace("{order}", encodeURIComponent(order.id)), token: order.id };
  const found = tokenOf(token, order, now);
  return found === undefined ? undefined : { url: urlOf(found), token: found };
}
