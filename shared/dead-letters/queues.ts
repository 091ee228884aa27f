import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { sendMessage } from "../aws/send-message.ts";
import { Fault } from "../kernel/fault.ts";
import type { Raw } from "./letter.ts";

/** The names of all queues of an environment begin with `queuePrefix`. */
export type QueueDeps = { sqs: SQSClient; queuePrefix: string };

/** A letter that was received. Its receiver has it until it is deleted or its time is over. */
export type Received = Raw & { receipt: string };

/** Opens a queue by its name. `take` hides the messages that it gives for so many seconds; with 0 it only looks. */
export async function openQueue({ sqs, queuePrefix }: QueueDeps, name: string) {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${queuePrefix}${name}` }));
  if (QueueUrl === undefined) throw new Fault("queue_missing", `there is no queue ${name}`);
  return {
    take: async (most: number, hiddenSeconds: number): Promise<Received[]> => {
      const page = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(most, MESSAGES_PER_CALL),
          VisibilityTimeout: hiddenSeconds,
          MessageAttributeNames: ["All"],
        }),
      );
      return (page.Messages ?? []).map(received);
    },
    remove: async ({ receipt }: Received): Promise<void> => {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
    },
    /** `delaySeconds`: how long nobody gets it, 900 at most. */
    send: async (body: string, delaySeconds?: number): Promise<void> => {
      await sendMessage(sqs, QueueUrl, body, delaySeconds);
    },
  };
}

const MESSAGES_PER_CALL = 10;

function received({ MessageId = "", Body = "", ReceiptHandle = "", MessageAttributes = {} }: Message): Received {
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue = "" }]): [string, string] => [
    name,
    StringValue,
  ]);
  return { messageId: MessageId, body: Body, receipt: ReceiptHandle, attributes: Object.fromEntries(attributes) };
}
