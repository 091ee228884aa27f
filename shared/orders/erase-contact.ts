import { type Db, update } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { Order } from "./model.ts";
import { asOrder, orderKey, readOrder } from "./table.ts";

/**
 * Erases the contact of an order; what is gone already stays gone. `channelId`: only if the order is this channel's. It
 * is no step of the order, so its version stays: nobody who works on the order is disturbed, and nobody brings the
 * contact back, because a step writes only what it changes.
 */
export async function eraseContact(deps: Db<"orders">, orderId: string, channelId?: string): Promise<Result<Order>> {
  const order = await readOrder(deps, orderId);
  if (order === undefined || (channelId !== undefined && order.channelId !== channelId)) return noSuchOrder();
  const erased = await update(deps.db, {
    TableName: deps.tables.orders,
    Key: orderKey(orderId),
    UpdateExpression: "REMOVE contact",
    ConditionExpression: "attribute_exists(pk)",
    ReturnValues: "ALL_NEW",
  });
  return erased.ok ? ok(asOrder(erased.item)) : noSuchOrder();
}

const noSuchOrder = () => refuse("not_found", "There is no such order.");
