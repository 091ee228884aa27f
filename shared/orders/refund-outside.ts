import { transact } from "../aws/dynamo.ts";
import { refund } from "../ledger/accounts.ts";
import { nameOf } from "../ledger/entries.ts";
import { newRefund, refundWrite } from "../payments/payments.ts";
import type { OrderDeps } from "./deps.ts";
import type { Order } from "./model.ts";
import { backTo, checkoutShare, countedPayment } from "./payers.ts";
import type { MoneyBack, Round } from "./round.ts";

/**
 * Gives back what was paid for an order at a provider, once for each round. One write has the entry by which we owe it, and the refund that
 * the provider will be asked for. The next look at the payment asks the provider. Returns how much of the order went back, the balance's
 * part included, and without the channel's margin. An order that was never sold has no sale to give back; its payment goes back as a whole.
 */
export async function giveBackOutside(
  deps: OrderDeps,
  order: Order,
  { round, at }: Round,
  { amount, margin, costs }: MoneyBack,
): Promise<number> {
  const paymentId = countedPayment(order);
  if (paymentId === undefined) throw new Error(`${order.id} was not paid at a provider`);
  const { id, epoch, channelId, checkout } = order;
  const cause = nameOf({ kind: "refund", orderId: id, epoch, round });
  const asked = (share: number) =>
    refundWrite(deps, paymentId, newRefund(paymentId, { cause, round, amount: share, requestedAt: at }), deps.clock());
  if (order.fundedAt === undefined) {
    const all = checkout?.amount ?? 0;
    await transact(deps.db, [asked(all)]);
    return checkoutShare(order);
  }
  const back = backTo(order, amount, margin);
  const { outside } = back;
  // A share of nothing needs no provider.
  const alongside = outside === undefined || outside.amount === 0 ? [] : [asked(outside.amount)];
  await refund(deps, channelId, { id, epoch, round, at }, back, costs, deps.clock(), alongside);
  return amount;
}
