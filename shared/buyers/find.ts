import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Message } from "../messages/model.ts";
import { messagesOfOrder } from "../messages/record.ts";
import type { Contact } from "../orders/contact.ts";
import type { Order } from "../orders/model.ts";
import { type ContactDeps, openContact } from "../orders/open-contact.ts";
import { ordersOfPerson } from "../orders/people.ts";
import { ordersNamed } from "../orders/table.ts";

/** Reads the orders of somebody by the name of one of their addresses, the first thousand. */
export async function ordersOf(deps: Db<"orders">, name: string): Promise<Order[]> {
  const orders: Order[] = [];
  for (let after: string | undefined; orders.length < LIMITS.ordersOfPerson; ) {
    const { ids, next } = await ordersOfPerson(deps, name, after);
    orders.push(...(await ordersNamed(deps, ids)));
    if (next === undefined) break;
    after = next;
  }
  return orders;
}

/** What we know of somebody by one order. */
export type Known = { order: Order; contact: Contact | undefined; messages: Message[] };

/** Gathers all that we know of somebody, order by order: what they bought, how they can be reached, what they were told. */
export async function exportBuyer(deps: Db<"orders" | "operations"> & ContactDeps, name: string): Promise<Known[]> {
  const known: Known[] = [];
  for (const order of await ordersOf(deps, name))
    known.push({
      order,
      contact: await openContact(deps, order),
      messages: await messagesOfOrder(deps, order.id),
    });
  return known;
}
