import { inParallel } from "../kernel/in-parallel.ts";
import { advance } from "./advance.ts";
import type { OrderDeps } from "./deps.ts";
import type { Order } from "./model.ts";
import { overdueUnpaid } from "./read-queues.ts";

/** Each order is about ten calls, most of them to slots of its own. */
const ORDERS_AT_ONCE = 10;

/**
 * Expires every order that was not paid in time. This is the second line behind each order's own watch. An order that
 * fails is told to `failed` and keeps no other waiting. Returns how many expired.
 */
export async function expireUnpaid(
  deps: OrderDeps,
  failed: (order: Order, error: unknown) => void = rethrow,
): Promise<number> {
  let expired = 0;
  for await (const orders of overdueUnpaid(deps, deps.clock()))
    await inParallel(ORDERS_AT_ONCE, orders, async (order) => {
      try {
        const { state } = await advance(deps, order);
        if (state !== "awaiting_payment") expired += 1;
      } catch (error) {
        failed(order, error);
      }
    });
  return expired;
}

function rethrow(_order: Order, error: unknown): never {
  throw error;
}
