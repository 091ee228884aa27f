import type { Db } from "../aws/dynamo.ts";
import { readPayment } from "../payments/payments.ts";
import type { Order } from "./model.ts";
import { countedPayment } from "./payers.ts";

/**
 * Tells whether the payer, or the bank, has taken the money of an order back, for now or for good. Costs a read, of an order that was paid
 * at a provider.
 */
export async function isDisputed(deps: Db<"orders">, order: Pick<Order, "fundedBy">): Promise<boolean> {
  const paymentId = countedPayment(order);
  const payment = paymentId === undefined ? undefined : await readPayment(deps, paymentId);
  return Object.values(payment?.disputes ?? {}).some(({ held }) => held > 0);
}
