import { processNotification } from "../orders/process-notification.ts";
import type { Payment } from "../payments/model.ts";
import { markNotificationProcessed, readNotification } from "../payments/notifications.ts";
import type { PaymentMessage } from "../payments/queue.ts";
import { tellDeposit } from "../payments/tell-deposit.ts";
import { type FollowDisputeDeps, followDispute, followDisputesOf } from "./follow.ts";
import type { Dispute } from "./model.ts";

/** What a message of the payments' queue was about, as it is after the look. */
export type Looked = { kind: "payment"; payment: Payment } | { kind: "dispute"; dispute: Dispute };

/**
 * Looks at the payment, or the dispute, that a message names. A notification is only a hint: its provider is asked, and only the answer
 * moves anything. One that was processed before asks nobody. Undefined: there is nothing to look at.
 */
export async function processMessage(deps: FollowDisputeDeps, message: PaymentMessage): Promise<Looked | undefined> {
  const { notification, isChanged } = message;
  if ("paymentId" in message) {
    const payment = await processNotification(deps, message.paymentId, notification, isChanged);
    if (payment === undefined) return undefined;
    await followDisputesOf(deps, payment);
    await tellDeposit(deps, payment);
    return { kind: "payment", payment };
  }
  const { dispute: name } = message;
  const stored =
    notification === undefined ? undefined : await readNotification(deps, notification.provider, notification.eventId);
  if (notification !== undefined && (stored?.disputeId !== name.disputeId || stored.processedAt !== undefined))
    return undefined;
  const dispute = await followDispute(deps, name, notification !== undefined || isChanged === true);
  if (stored !== undefined) await markNotificationProcessed(deps, stored, dispute?.state ?? "unrelated", deps.clock());
  return dispute === undefined ? undefined : { kind: "dispute", dispute };
}
