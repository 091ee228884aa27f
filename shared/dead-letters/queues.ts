import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type DeadLetterQueue, deadLettersOf } from "./catalogue.ts";
import type { Raw } from "./letter.ts";

/** All queues of an environment begin alike. */
export type QueueDeps = { sqs: SQSClient; queuePrefix: string };

/** A letter in the hands of whoever received it, until it is deleted or its time is over. */
export type Received = Raw & { receipt: string };

async function urlOf({ sqs, queuePrefix }: QueueDeps, name: string): Promise<string> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${queuePrefix}${name}` }));
  if (QueueUrl === undefined) throw new Error(`there is no queue ${name}`);
  return QueueUrl;
}

/** A queue of dead letters: `take` hides what it gives for so many seconds, 0 only looks. */
export async function openDeadLetters(deps: QueueDeps, queue: DeadLetterQueue) {
  const QueueUrl = await urlOf(deps, deadLettersOf(queue));
  return {
    take: async (most: number, hiddenSeconds: number): Promise<Received[]> => {
      const page = await deps.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(most, MESSAGES_PER_CALL),
          VisibilityTimeout: hiddenSeconds,
          MessageAttributeNames: ["All"],
        }),
      );
      return (page.Messages ?? []).map(({ MessageId = "", Body = "", ReceiptHandle = "", MessageAttributes = {} }) => ({
        messageId: MessageId,
        body: Body,
        receipt: ReceiptHandle,
        attributes: Object.fromEntries(
          Object.entries(MessageAttributes).map(([name, { StringValue = "" }]) => [name, StringValue]),
        ),
      }));
    },
    remove: async ({ receipt }: Received): Promise<void> => {
      await deps.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
    },
  };
}

const MESSAGES_PER_CALL = 10;

/** Puts a message back where its consumer finds it. */
export async function sendBack(deps: QueueDeps, queue: DeadLetterQueue, body: string): Promise<void> {
  const QueueUrl = await urlOf(deps, queue);
  await deps.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
}
