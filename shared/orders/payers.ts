import type { Outside } from "../ledger/entries.ts";
import { pendingKey } from "../ledger/model.ts";
import type { Charge } from "../payments/contract.ts";
import { isPaymentId } from "../payments/model.ts";
import { shareOf } from "../pricing/refund-share.ts";
import type { Order } from "./model.ts";

/** Gives what the channel's balance pays of an order, in minor units. */
export const balanceShare = ({ total, checkout }: Pick<Order, "total" | "checkout">): number =>
  total.amount - (checkout?.amount ?? 0);

/** What the channel's balance is charged for an order. */
export const chargeOf = (
  order: Pick<Order, "id" | "epoch" | "channelId" | "placedAt" | "total" | "checkout">,
): Charge => ({
  id: pendingKey(order.id, order.epoch),
  purpose: { kind: "order", orderId: order.id, epoch: order.epoch },
  channelId: order.channelId,
  amount: { amount: balanceShare(order), currency: order.total.currency },
  createdAt: order.placedAt,
});

/** Gives the outside payment that counts for an order. Undefined: none does, or not yet. */
export const countedPayment = ({ fundedBy = [] }: Pick<Order, "fundedBy">): string | undefined =>
  fundedBy.find(isPaymentId);

/** Gives what an outside payment pays of an order. Undefined: nothing. */
export const outsideOf = ({ checkout }: Pick<Order, "checkout">): Outside | undefined =>
  checkout === undefined ? undefined : { provider: checkout.provider, amount: checkout.amount };

/**
 * Splits what goes back between those who paid. Each gets its cumulative share of all that went back so far, less what it had before: so
 * parts never go backwards, and sum to what each has paid.
 */
export function backTo(order: Pick<Order, "total" | "checkout" | "refunded">, amount: number) {
  const { total, checkout, refunded } = order;
  if (checkout === undefined) return { channel: amount, currency: total.currency };
  const outside = shareOf(checkout.amount, { before: refunded, more: amount, of: total.amount });
  return {
    channel: amount - outside,
    currency: total.currency,
    outside: { provider: checkout.provider, amount: outside },
  };
}
