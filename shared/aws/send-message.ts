import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { correlationId } from "../kernel/correlation.ts";

/** The message attribute that holds the id under which a message was sent. Consumers that know nothing of it pass it over. */
export const CORRELATION_ATTRIBUTE = "correlationId";

/** Sends a message to a queue, with the id under which we work. `DelaySeconds`: how long nobody gets it, 900 at most. */
export async function sendMessage(
  sqs: SQSClient,
  QueueUrl: string,
  MessageBody: string,
  DelaySeconds?: number,
): Promise<void> {
  const id = correlationId();
  const attributes =
    id === undefined ? {} : { MessageAttributes: { [CORRELATION_ATTRIBUTE]: { DataType: "String", StringValue: id } } };
  const delay = DelaySeconds === undefined ? {} : { DelaySeconds };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...delay, ...attributes }));
}
