import type { SQSClient } from "@aws-sdk/client-sqs";
import { sendMessage } from "../aws/send-message.ts";

/** The queue of providers' days that are to be reconciled. */
export type ReconciliationQueue = { sqs: SQSClient; reconciliationQueueUrl: string };

/** Has a provider's day reconciled. Asked twice it is done twice, which changes nothing. */
export const askToReconcile = (
  { sqs, reconciliationQueueUrl }: ReconciliationQueue,
  of: { provider: string; day: string },
): Promise<void> => sendMessage(sqs, reconciliationQueueUrl, JSON.stringify(of));
