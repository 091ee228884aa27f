import type { Slot, Ticket } from "../../shared/inventory/model.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { revealGoods } from "../../shared/orders/goods.ts";
import type { Order } from "../../shared/orders/model.ts";
import { placeOrder } from "../../shared/orders/place.ts";
import type { NewOrder } from "../../shared/orders/request.ts";
import type { User } from "../../shared/usage/model.ts";
import type { Domain } from "../support/engine/domain.ts";
import { valueOf } from "../support/value-of.ts";

/** Sells one code as the function behind `POST /v1/orders` does, to the code in the answer. */
export async function sellOne(
  deps: Domain,
  caller: User,
  productId: string,
  more: Partial<NewOrder> = {},
): Promise<Order> {
  let sold: ReadonlyMap<Ticket, Slot> | undefined;
  const finder = {
    reveal: { by: caller.keyId, from: "127.0.0.1", requestId: "req" },
    onSold: (slots: ReadonlyMap<Ticket, Slot>): void => {
      sold = slots;
    },
  };
  const request = { lines: [{ productId, quantity: 1 }], payment: { method: "balance" as const }, ...more };
  const order = valueOf(await placeOrder(deps, caller.channelId, newId("req"), request, finder, { user: caller }));
  const looker = { keyId: caller.keyId, sourceIp: "192.0.2.1", requestId: "bench" };
  const goods = valueOf(await revealGoods(deps, order, looker, sold));
  if (goods.get("1")?.length !== 1) throw new Error("no code in the answer");
  return order;
}
