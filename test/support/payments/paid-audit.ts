import type { Entry } from "../../../shared/ledger/entries.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { checkoutShare, countedPayment } from "../../../shared/orders/payers.ts";
import { marginBack, wentBack } from "../../../shared/orders/shares.ts";
import { isFinal } from "../../../shared/orders/states.ts";
import { feeOn } from "../../../shared/payments/fee.ts";
import { orderPaymentId, type Payment } from "../../../shared/payments/model.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { shareOf } from "../../../shared/pricing/refund-share.ts";
import type { Domain } from "../engine/domain.ts";
import { otherEntries } from "../orders/books.ts";

/** What a provider really has for a payment, by its own books. */
export type ProviderBooks = { paidOf: (paymentId: string) => number; holdsOf: (paymentId: string) => number };

/** Everything that is wrong with the outside payments of these orders, now that all is quiet. */
export async function wrongPayments(
  deps: Domain,
  provider: ProviderBooks,
  orders: readonly Order[],
): Promise<string[]> {
  const entries = await otherEntries(deps);
  const wrong: string[] = [];
  for (const order of orders) {
    const payments = await paymentsOf(deps, order);
    wrong.push(...payments.flatMap((payment) => wrongIn(payment, order, provider, entries)));
    if (isFinal(order.state)) wrong.push(...wrongWith(order, payments, provider));
  }
  return wrong;
}

async function paymentsOf(deps: Domain, { id, epoch, payments = 0 }: Order): Promise<Payment[]> {
  const all: Payment[] = [];
  for (let of = 1; of <= epoch; of++)
    for (let attempt = 1; attempt <= Math.max(payments, 1); attempt++) {
      const found = await readPayment(deps, orderPaymentId(id, of, attempt));
      if (found !== undefined) all.push(found);
    }
  return all;
}

function wrongIn(payment: Payment, order: Order, provider: ProviderBooks, entries: readonly Entry[]): string[] {
  const { id, received, counted, returned, refunds } = payment;
  const wrong: string[] = [];
  const paid = provider.paidOf(id);
  const back = Object.values(refunds).reduce((sum, { state, amount }) => sum + (state === "refunded" ? amount : 0), 0);
  if ((received?.amount ?? 0) !== paid) wrong.push(`${id}: ${paid} was paid, and we know of ${received?.amount ?? 0}`);
  if (paid > 0 && (counted === true) === (returned !== undefined))
    wrong.push(`${id} was paid, and nobody decided once`);
  if ((counted === true) !== (countedPayment(order) === id && payment.state === "succeeded"))
    wrong.push(`${id}: its order says something else`);
  if (paid - back !== provider.holdsOf(id)) wrong.push(`${id}: ${provider.holdsOf(id)} is there, not ${paid - back}`);
  if (back > paid) wrong.push(`${id}: ${paid} was paid and ${back} given back`);
  if (returned !== undefined && provider.holdsOf(id) !== 0) wrong.push(`${id} was not given back`);
  const booked = entries.filter(({ name }) => name === `payment:${id}`).length;
  if (booked !== (paid > 0 ? 1 : 0)) wrong.push(`${id} is booked ${booked} times`);
  const kept = entries.find(({ name }) => name === `payment:${id}`)?.legs ?? [];
  const fee = kept.find(({ account }) => account === `fees:${payment.provider}`)?.amount ?? 0;
  const should = received === undefined || payment.fee === undefined ? 0 : feeOn(received, payment.fee);
  if (fee !== should) wrong.push(`${id}: a fee of ${fee} is booked, not ${should}`);
  for (const { id: refundId, state, bounced = 0 } of Object.values(refunds)) {
    const times = (kind: string): number => entries.filter(({ name }) => name.startsWith(`${kind}:${refundId}`)).length;
    const [repaid, lost, elsewhere] = [times("repayment"), times("bounce"), times("elsewhere")];
    if (repaid - lost !== (state === "refunded" ? 1 : 0))
      wrong.push(`${refundId} (${state}) is booked ${repaid} times`);
    if (lost !== bounced || elsewhere !== (state === "paid_elsewhere" ? 1 : 0))
      wrong.push(`${refundId} (${state}) came to nothing ${lost} times, and was paid elsewhere ${elsewhere} times`);
    if (!["refunded", "retried", "paid_elsewhere"].includes(state)) wrong.push(`${refundId} is ${state}`);
  }
  return wrong;
}

/** What is kept is delivered, and what was not delivered is not kept. */
function wrongWith(order: Order, payments: readonly Payment[], provider: ProviderBooks): string[] {
  const kept = payments.reduce((sum, { id }) => sum + provider.holdsOf(id), 0);
  const isByProvider = countedPayment(order) !== undefined;
  const isDelivered = order.state === "fulfilled" || order.state === "partly_fulfilled";
  const refunds = payments.flatMap((payment) => Object.values(payment.refunds));
  const elsewhere = refunds.reduce((sum, { state, amount }) => sum + (state === "paid_elsewhere" ? amount : 0), 0);
  const should = (isDelivered && isByProvider ? leftAtCheckout(order) : 0) + elsewhere;
  return kept === should ? [] : [`${order.id} (${order.state}) keeps ${kept} at the provider, not ${should}`];
}

/** What is left of what its buyer has paid: less its share of all that went back, and less the margin of the pieces that did. */
function leftAtCheckout(order: Order): number {
  const { checkout, refunded, total, lines } = order;
  const parts = lines.map((line) => ({ line, pieces: wentBack(line).pieces }));
  const back = shareOf(checkoutShare(order), { before: 0, more: refunded, of: total.amount }) + marginBack(parts);
  return (checkout?.amount ?? 0) - back;
}
