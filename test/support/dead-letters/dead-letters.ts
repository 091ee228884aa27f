import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { type DeadLetterQueue, deadLettersOf } from "../../../shared/dead-letters/catalogue.ts";
import type { Letter } from "../../../shared/dead-letters/letter.ts";
import { eventually, operate } from "../orders/shop.ts";

export const QUEUE_PREFIX = "vouchsafe-local-";

export const queueClient = ({ awsEndpoint: endpoint, region }: LocalStack): SQSClient =>
  new SQSClient({ endpoint, region, credentials });

async function urlOf(sqs: SQSClient, name: string): Promise<string> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${QUEUE_PREFIX}${name}` }));
  if (QueueUrl === undefined) throw new Error(`no queue ${name}`);
  return QueueUrl;
}

/** Puts a message into a queue, as anybody might. */
export async function send(stack: LocalStack, queue: string, body: string): Promise<string> {
  const sqs = queueClient(stack);
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(sqs, queue), MessageBody: body }));
  return sent.MessageId ?? "";
}

/** Puts a letter among the dead ones, as SQS, Lambda or EventBridge would. */
export const sendDead = (stack: LocalStack, queue: DeadLetterQueue, letter: object): Promise<string> =>
  send(stack, deadLettersOf(queue), JSON.stringify(letter));

/** A queue hides a message for minutes after each failed try; during this work it hides it for so many seconds. */
export async function hidingFor(stack: LocalStack, queue: string, seconds: number, work: () => Promise<void>) {
  const sqs = queueClient(stack);
  const QueueUrl = await urlOf(sqs, queue);
  const hideFor = (VisibilityTimeout: string) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout } }));
  const usual = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }));
  await hideFor(String(seconds));
  try {
    await work();
  } finally {
    await hideFor(usual.Attributes?.["VisibilityTimeout"] ?? "");
  }
}

export async function lettersIn(stack: LocalStack, queue: DeadLetterQueue): Promise<Letter[]> {
  const answer = await operate(stack, { method: "GET", path: "/admin/v1/dead-letters", query: { queue } });
  return answer.data as Letter[];
}

/** A dead letter as the operator sees it, once it is there. */
export const deadLetter = (stack: LocalStack, queue: DeadLetterQueue, id: string): Promise<Letter> =>
  eventually(
    async () => (await lettersIn(stack, queue)).find((letter) => letter.id === id),
    `${id} among the dead letters of ${queue}`,
  );

/** The queues for a process that dies before it deletes a message. What it held is there again at once, for the test's sake. */
export function dyingAtDeletes(stack: LocalStack): SQSClient {
  const sqs = queueClient(stack);
  sqs.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (call) => {
        if (!commandName.startsWith("DeleteMessage")) return next(call);
        const { QueueUrl, ReceiptHandle } = call.input as { QueueUrl?: string; ReceiptHandle?: string };
        const show = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
        await queueClient(stack).send(show);
        throw new Error("dead");
      },
    { step: "initialize" },
  );
  return sqs;
}
