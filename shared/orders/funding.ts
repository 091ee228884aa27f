import type { Funding } from "../ledger/settle.ts";
import type { Order } from "./model.ts";
import { isFinal, isUnwinding } from "./states.ts";

/** What the order says of the money set aside for it. */
export function fundingOf(order: Order): Funding {
  return {
    channelId: order.channelId,
    currency: order.total.currency,
    orderId: order.id,
    epoch: order.epoch,
    fundedBy: order.fundedBy,
    fundedAt: order.fundedAt,
    isOver: isFinal(order.state) || isUnwinding(order.state),
  };
}
