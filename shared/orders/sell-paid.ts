import { bookingWrites } from "../ledger/books.ts";
import type { Received } from "../payments/contract.ts";
import { type Payment, wrongIn } from "../payments/model.ts";
import { paymentMove } from "../payments/payments.ts";
import { asPaid } from "../payments/record.ts";
import type { OrderDeps } from "./deps.ts";
import type { Order } from "./model.ts";
import { balanceShare } from "./payers.ts";
import { asSold, outsideSale, sellSlots } from "./sale.ts";
import { moveOrder } from "./table.ts";

/**
 * Makes what an order says of its payment when this one counts. The buyer may have paid an earlier payment than the newest one, and at
 * another provider.
 */
export const paidBy = ({ checkout }: Order, { provider, amount }: Payment): NonNullable<Order["checkout"]> => ({
  ...checkout,
  provider,
  amount: amount.amount,
});

/**
 * Sells an order that waits for this payment in the very write that notes the payment and books it: both stand, or neither does. The
 * codes are marked as sold before that. They were held for this order. If the write fails they stay with it, and whoever sells the order
 * or gives it up later finds them.
 * Returns the payment as it is then. Undefined: the order is not one that can be sold at once, or something has changed meanwhile; the
 * payment is then noted by itself, and the order goes on step by step.
 */
export async function sellPaid(
  deps: OrderDeps,
  order: Order,
  payment: Payment,
  received: Received,
): Promise<Payment | undefined> {
  if (wrongIn({ ...payment, received }) !== undefined || Object.keys(payment.refunds).length > 0) return undefined;
  const checkout = paidBy(order, payment);
  if (!isHeldWhole(order) || balanceShare({ ...order, checkout }) !== 0) return undefined;
  const now = deps.clock();
  const { soldAt, lost } = await sellSlots(deps, order, now);
  if (lost.length > 0) return undefined;
  const change = { checkout, ...asSold(order, soldAt, [payment.id], now) };
  const paid = asPaid(deps, payment, received);
  const noted = paymentMove(deps, payment, { ...paid.change, counted: true, dueAt: undefined });
  const sold = await moveOrder(deps, order, change, [
    noted.write,
    ...(await bookingWrites(deps, [paid.entry])),
    ...(await outsideSale(deps, { ...order, ...change })),
  ]);
  return sold.ok ? noted.to : undefined;
}

/** Tells whether an order waits for payment and all that it sells is held for it, code by code. */
const isHeldWhole = ({ state, heldAt, dropped, fundedBy, lines }: Order): boolean =>
  state === "awaiting_payment" &&
  heldAt !== undefined &&
  dropped === undefined &&
  fundedBy === undefined &&
  lines.every((line) => line.state === "open" && line.tickets !== undefined);
