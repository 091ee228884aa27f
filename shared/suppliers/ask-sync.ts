import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

export type SyncQueue = { sqs: SQSClient; syncQueueUrl: string };

/** Asks for a supplier's catalogue to be read. Of many that ask before it begins, one is enough. */
export async function askSync(deps: SyncQueue, supplierId: string, now: Date): Promise<void> {
  const MessageBody = JSON.stringify({ supplierId, askedAt: now.toISOString() });
  await deps.sqs.send(new SendMessageCommand({ QueueUrl: deps.syncQueueUrl, MessageBody }));
}
