import type { Db } from "../aws/dynamo.ts";
import { orderPaymentId, type Payment } from "../payments/model.ts";
import { readPayment } from "../payments/payments.ts";
import type { Order } from "./model.ts";
import { countedPayment } from "./payers.ts";

/** Reads the payment of an order that counts, or else the one to pay. Undefined: nobody pays it at a provider. */
export async function paymentOf(deps: Db<"orders">, order: Order): Promise<Payment | undefined> {
  const { id, epoch, checkout, payments } = order;
  if (checkout === undefined || payments === undefined) return undefined;
  return readPayment(deps, countedPayment(order) ?? orderPaymentId(id, epoch, payments));
}

/** Reads all payments of an order's present epoch, the newest first. */
export async function paymentsOfOrder(deps: Db<"orders">, { id, epoch, payments = 0 }: Order): Promise<Payment[]> {
  const ids = Array.from({ length: payments }, (_, index) => orderPaymentId(id, epoch, payments - index));
  const read = await Promise.all(ids.map((paymentId) => readPayment(deps, paymentId)));
  return read.filter((payment) => payment !== undefined);
}
