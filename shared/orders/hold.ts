import type { Db } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { isOver } from "../payments/model.ts";
import { paymentsOfOrder } from "./checkout-payments.ts";
import type { Order } from "./model.ts";

/**
 * Gives the moment at which an unpaid order gives up its codes, whatever anybody says. A buyer who pays at a provider may have paid in
 * the last second: until every payment is known to be closed, the codes are kept some minutes longer.
 */
export function holdEnds({ expiresAt, checkout }: Pick<Order, "expiresAt" | "checkout">): string | undefined {
  if (expiresAt === undefined || checkout === undefined) return expiresAt;
  return after(new Date(expiresAt), LIMITS.unknownPaymentSeconds);
}

/** Tells whether an order that nobody paid in time may still have been paid: a payment of it is not known to be over. */
export async function mayHaveBeenPaid(deps: Db<"orders">, order: Order, now: Date): Promise<boolean> {
  if (order.checkout === undefined || (holdEnds(order) ?? "") <= now.toISOString()) return false;
  return (await paymentsOfOrder(deps, order)).some((payment) => !isOver(payment));
}
