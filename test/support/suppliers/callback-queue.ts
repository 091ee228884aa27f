import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { eventually } from "../orders/shop.ts";

const client = ({ awsEndpoint: endpoint, region }: LocalStack) => new SQSClient({ endpoint, region, credentials });

/** The queue hides a message for three minutes after each failure; during this work it hides it for two seconds. */
export async function impatiently(stack: LocalStack, work: () => Promise<void>): Promise<void> {
  const sqs = client(stack);
  const QueueUrl = stack.queues.callbacks;
  const hideFor = (VisibilityTimeout: string) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout } }));
  const usual = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }));
  const usualSeconds = usual.Attributes?.["VisibilityTimeout"];
  if (usualSeconds === undefined) throw new Error("the queue does not say how long it hides messages");
  await hideFor("2");
  try {
    await work();
  } finally {
    await hideFor(usualSeconds);
  }
}

/** Takes the message about a callback out of the dead letters, once it is there; others' messages stay. */
export async function deadCallback(stack: LocalStack, eventId: string): Promise<unknown> {
  const sqs = client(stack);
  const QueueUrl = stack.queues.callbackDeadLetters;
  return eventually(async () => {
    const page = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }));
    const found = page.Messages?.find(({ Body }) => Body?.includes(eventId));
    if (found?.ReceiptHandle === undefined) return undefined;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found.ReceiptHandle }));
    return JSON.parse(found.Body ?? "null") as unknown;
  }, `${eventId} among the dead letters`);
}
