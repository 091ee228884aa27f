import { bookOnce } from "../ledger/books.ts";
import type { Received } from "../payments/contract.ts";
import { isOpenRefund, type Payment, wrongIn } from "../payments/model.ts";
import { movePayment } from "../payments/payments.ts";
import { asPaid } from "../payments/record.ts";
import type { OrderDeps } from "./deps.ts";
import type { Order } from "./model.ts";
import { balanceShare, countedPayment } from "./payers.ts";
import { asSold, sellSlots } from "./sale.ts";
import { laneNamed, setAside } from "./set-aside.ts";
import { settleOrder } from "./settle-orders.ts";
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
 * Sells an order that waits for this payment, in one write: the order's own. It says what was received, so whoever comes
 * later says the same: that is booked, then the payment notes it. Until it has, it is due. The sale is booked with its
 * pending. The codes are marked as sold before that. They were held for this order. If the write fails they stay with it, and whoever
 * sells the order or gives it up later finds them.
 * Returns the payment as it is then. Undefined: the order is not one that can be sold at once, or something has changed meanwhile; then
 * somebody has to look again.
 */
export async function sellPaid(
  deps: OrderDeps,
  order: Order,
  payment: Payment,
  received: Received,
): Promise<Payment | undefined> {
  if (wrongIn({ ...payment, received }) !== undefined || Object.keys(payment.refunds).length > 0) return undefined;
  const paid = { id: received.providerPaymentId, at: received.at };
  const checkout = { ...paidBy(order, payment), paid };
  if (!isSoldAtOnce(order) || balanceShare({ ...order, checkout }) !== 0) return undefined;
  const now = deps.clock();
  const set = await setAside(deps, { ...order, checkout });
  if (!set.ok) return undefined;
  const { soldAt, lost } = await sellSlots(deps, order, now);
  if (lost.length > 0) return undefined;
  const change = { checkout, ...asSold(order, soldAt, [payment.id, set.nonce], now), fundedLane: laneNamed(set.lane) };
  const sold = await moveOrder(deps, order, change);
  if (sold.ok) return noteSold(deps, sold.order, payment);
  // Another helper's pending counts: ours goes at once, without waiting for the schedule.
  if (set.mine) await settleOrder(deps, sold.order);
  return undefined;
}

/** Tells whether an order waits for payment and has a code in stock for each piece. They are held for it, unless something went wrong. */
const isSoldAtOnce = ({ state, dropped, fundedBy, lines }: Order): boolean =>
  state === "awaiting_payment" &&
  dropped === undefined &&
  fundedBy === undefined &&
  lines.every((line) => line.state === "open" && line.tickets !== undefined);

/** Gives what the buyer of an order has paid, as the write says that sold it. Undefined: it was not sold in one write by this payment. */
function receivedIn(order: Order | undefined, { id, amount }: Payment): Received | undefined {
  const paid = order?.checkout?.paid;
  if (order === undefined || paid === undefined || countedPayment(order) !== id) return undefined;
  return { providerPaymentId: paid.id, ...amount, at: paid.at };
}

/**
 * Books what was paid for an order that is sold by this payment, and has the payment note it. Undefined: the order is not, or the payment was
 * changed meanwhile.
 */
export async function noteSold(
  deps: OrderDeps,
  order: Order | undefined,
  payment: Payment,
): Promise<Payment | undefined> {
  const received = receivedIn(order, payment);
  if (received === undefined) return undefined;
  const { change, entry } = asPaid(deps, payment, received, deps.clock().toISOString());
  await bookOnce(deps, entry);
  const isAnyOpen = Object.values(payment.refunds).some(isOpenRefund);
  return movePayment(deps, payment, { ...change, counted: true, dueAt: isAnyOpen ? payment.dueAt : undefined });
}

/** Tells whether a payment has yet to note that it has sold its order. */
export const isToNote = (order: Order | undefined, payment: Payment): boolean =>
  payment.state !== "succeeded" && receivedIn(order, payment) !== undefined;
