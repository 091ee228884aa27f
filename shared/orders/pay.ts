import type { Db } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { advance } from "./advance.ts";
import type { OrderDeps } from "./deps.ts";
import { covers, notCovered } from "./funding.ts";
import type { Order } from "./model.ts";
import { moveOrder, readOrder } from "./table.ts";

/**
 * Pays for an order that holds its codes. The state moves first, on condition that the order still waits, so a payment
 * and an expiry can't both win. Then it is sold like any other. Paying again finds it paid.
 */
export async function payOrder(
  deps: OrderDeps & Db<"ledger">,
  channelId: string,
  orderId: string,
): Promise<Result<Order>> {
  for (;;) {
    const order = await readOrder(deps, orderId);
    if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
    if (order.state !== "awaiting_payment") return paid(await advance(deps, order));
    if ((order.expiresAt ?? "") <= deps.clock().toISOString()) return paid(await advance(deps, order));
    const covered = await covers(deps, order);
    if (covered !== "yes") {
      // A twin may have paid just now, and its payment may be why our balance is too small.
      const isSame = (await readOrder(deps, orderId))?.version === order.version;
      if (isSame) return notCovered(covered);
      continue;
    }
    const moved = await moveOrder(deps, order, { state: "open" });
    if (moved.ok) return paid(await advance(deps, moved.order));
  }
}

function paid(order: Order): Result<Order> {
  switch (order.state) {
    case "expiring":
    case "expired":
      return refuse("order_expired", "Its time to be paid is over; the codes are for others again.");
    case "refused":
      return order.refusal === "sold_out"
        ? refuse("sold_out", "Its codes were not there any more; nothing was charged.")
        : notCovered("short");
    case "cancelling":
    case "cancelled":
      return refuse("not_payable", "The order was cancelled.");
    default:
      return ok(order);
  }
}
