import type { SQSClient } from "@aws-sdk/client-sqs";
import { sendMessage } from "../aws/send-message.ts";

/** The queue of payments and disputes to be looked at. */
export type PaymentQueue = { sqs: SQSClient; paymentQueueUrl: string };

/** A dispute, or complaint, as its provider calls it. */
export type DisputeName = { provider: string; disputeId: string };

/**
 * A message of the queue: look at this payment, or dispute, because it is due; because of this notification; or because what it is for
 * has changed. The provider is asked at once unless it is only due.
 */
export type PaymentMessage = ({ paymentId: string } | { dispute: DisputeName }) & {
  notification?: { provider: string; eventId: string };
  isChanged?: true;
};

export const askToFollow = (deps: PaymentQueue, message: PaymentMessage): Promise<void> =>
  sendMessage(deps.sqs, deps.paymentQueueUrl, JSON.stringify(message));
