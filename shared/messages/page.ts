import type { Order } from "../orders/model.ts";
import type { ChannelMessages } from "./table.ts";
import type { Link } from "./templates/compose.ts";

/** Gives the address of a buyer's page of an order, as its channel has said where that is. */
export async function pageOfOrder({ id }: Pick<Order, "id">, { page }: ChannelMessages): Promise<Link> {
  const url = page.replace("{order}", encodeURIComponent(id));
  return { url, token: id };
}
