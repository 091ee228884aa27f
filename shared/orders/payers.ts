import type { BackTo } from "../ledger/accounts.ts";
import { pendingKey } from "../ledger/model.ts";
import type { Outside } from "../ledger/sale-entries.ts";
import type { Charge } from "../payments/contract.ts";
import { isPaymentId } from "../payments/model.ts";
import { type Chosen, payerHash, payerIn } from "../payments/payer.ts";
import { shareOf } from "../pricing/refund-share.ts";
import type { Order } from "./model.ts";
import { marginOfAll } from "./shares.ts";

/** Gives what a buyer pays of the order's total at a provider, in minor units: without the channel's margin. */
export const checkoutShare = ({ checkout }: Pick<Order, "checkout">): number =>
  checkout === undefined ? 0 : checkout.amount - (checkout.margin ?? 0);

/** Gives what the channel's balance pays of an order, in minor units. */
export const balanceShare = (order: Pick<Order, "total" | "checkout">): number =>
  order.total.amount - checkoutShare(order);

/** Tells whether nobody pays anything for an order. */
export const isFree = (order: Pick<Order, "total" | "checkout">): boolean =>
  order.checkout === undefined && balanceShare(order) === 0;

/** Makes what an order says of its payment at a provider, if its buyer pays all of it there, with the channel's margin. */
export function allAtCheckout(
  { total, lines }: Pick<Order, "total"> & { lines: Parameters<typeof marginOfAll>[0] },
  { provider, flow, ...said }: Chosen,
): NonNullable<Order["checkout"]> {
  const margin = marginOfAll(lines);
  const payer = payerHash(payerIn(said));
  const more = { ...(margin === 0 ? {} : { margin }), ...(payer === undefined ? {} : { payer }) };
  return { provider, amount: total.amount + margin, ...more, flow };
}

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

/** Gives what an outside payment pays for an order, and how much of that is the channel's margin. Undefined: nothing. */
export const outsideOf = ({ checkout }: Pick<Order, "checkout">): Outside | undefined =>
  checkout === undefined ? undefined : { provider: checkout.provider, amount: checkout.amount, ...ofMargin(checkout) };

const ofMargin = ({ margin = 0 }: { margin?: number }): { margin?: number } => (margin === 0 ? {} : { margin });

/**
 * Splits what goes back between those who paid. `amount`: so much of the order's total. Each payer gets its cumulative share of all that
 * went back so far, less what it had before: so parts never go backwards, and sum to what each has paid. `margin`: what the channel had
 * earned of what goes back; who paid at the provider gets it too. It is so much for each piece, so it needs no rounding.
 */
export function backTo(order: Pick<Order, "total" | "checkout" | "refunded">, amount: number, margin: number): BackTo {
  const { total, checkout, refunded } = order;
  const { currency } = total;
  if (checkout === undefined) return { channel: amount, currency };
  const share = checkoutShare(order);
  const outside = share === 0 ? 0 : shareOf(share, { before: refunded, more: amount, of: total.amount });
  return {
    channel: amount - outside,
    currency,
    outside: { provider: checkout.provider, amount: outside + margin, ...ofMargin({ margin }) },
  };
}

/** Gives what the channel has earned by an order that was paid at a provider, without what goes back or went back, in minor units. */
export const checkoutMargin = ({ checkout, lines }: Pick<Order, "checkout" | "lines">): number =>
  checkout?.margin === undefined
    ? 0
    : marginOfAll(lines.filter(({ state }) => state !== "unwinding" && state !== "returned"));
