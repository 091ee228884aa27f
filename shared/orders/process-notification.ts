import type { Payment } from "../payments/model.ts";
import { markNotificationProcessed, readNotification } from "../payments/notifications.ts";
import { type FollowDeps, followPayment } from "./follow-payment.ts";

/**
 * Looks at a payment, because a notification came, because its order has changed (`isChanged`), or because it is due. A notification is only a hint: the provider is asked, and only
 * its answer moves anything. One that was processed before asks nobody. Undefined: there is nothing to look at.
 */
export async function processNotification(
  deps: FollowDeps,
  paymentId: string,
  named?: { provider: string; eventId: string },
  isChanged = false,
): Promise<Payment | undefined> {
  if (named === undefined) return followPayment(deps, paymentId, isChanged ? "changed" : "due");
  const notification = await readNotification(deps, named.provider, named.eventId);
  if (notification?.paymentId !== paymentId || notification.processedAt !== undefined) return undefined;
  const payment = await followPayment(deps, paymentId, "news", notification.refundId);
  await markNotificationProcessed(deps, notification, payment?.state ?? "no_such_payment", deps.clock());
  return payment;
}
