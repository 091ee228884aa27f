import type { SQSClient } from "@aws-sdk/client-sqs";
import { sendMessage } from "../aws/send-message.ts";

export type SyncQueue = { sqs: SQSClient; syncQueueUrl: string };

/** Asks for a supplier's catalogue to be read. If many ask before the reading begins, it is read once. */
export async function askSync(deps: SyncQueue, supplierId: string, now: Date): Promise<void> {
  const body = JSON.stringify({ supplierId, askedAt: now.toISOString() });
  await sendMessage(deps.sqs, deps.syncQueueUrl, body);
}
