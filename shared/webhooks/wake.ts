import type { SQSClient } from "@aws-sdk/client-sqs";
import { sendMessage } from "../aws/send-message.ts";
import type { EndpointName } from "./table.ts";

export type WebhookQueue = { sqs: SQSClient; webhookQueueUrl: string };

/** Has the sender of an endpoint look at it, and first at a subject, if one is said. */
export type Wake = (name: EndpointName, subject?: string) => Promise<void>;

/** Wakes senders by messages. One that is lost is made up for by the schedule. */
export const wakeBy =
  ({ sqs, webhookQueueUrl }: WebhookQueue): Wake =>
  ({ channelId, endpointId }, subject) =>
    sendMessage(sqs, webhookQueueUrl, JSON.stringify({ channelId, endpointId, subject }));
