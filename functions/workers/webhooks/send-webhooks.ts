import * as z from "zod";
import { emit } from "../../../shared/events/emit.ts";
import { byChance } from "../../../shared/kernel/again.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { findDeposit } from "../../../shared/payments/find-deposits.ts";
import { poster } from "../../../shared/webhooks/call.ts";
import type { WebhookEvent } from "../../../shared/webhooks/events.ts";
import { signingKeys } from "../../../shared/webhooks/secrets.ts";
import { serveEndpoint } from "../../../shared/webhooks/send.ts";
import { wakeBy } from "../../../shared/webhooks/wake.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { dependenciesOfWorker, eventsClient, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { allowedReceivers } from "../../runtime/receivers.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.sendWebhooks);
const wrapping = { kms: kmsClient(), keyId: env.WEBHOOK_KEY };
const bus = { events: eventsClient(), eventBusName: env.EVENT_BUS };
const wake = wakeBy({ sqs: sqsClient(), webhookQueueUrl: env.WEBHOOK_QUEUE_URL });

const deps: Parameters<typeof serveEndpoint>[0] & typeof given = {
  ...given,
  post: poster(allowedReceivers),
  keysFor: (endpoint, now) => signingKeys(wrapping, endpoint, now),
  referenceOf: async (subject) => {
    if (subject.startsWith("ord_")) return (await readOrder(given, subject))?.reference;
    return subject.startsWith("dep_") ? (await findDeposit(given, subject))?.purpose.reference : undefined;
  },
  onDisabled: async ({ channelId, endpointId }, reason) => {
    count("WebhookDisabled");
    log("webhook_disabled", { channelId, endpointId, reason });
    const at = given.clock().toISOString();
    const event: WebhookEvent = {
      type: "webhook.disabled",
      occasion: `${endpointId} ${at}`,
      at,
      facts: { channelId, endpointId, reason },
    };
    await emit(bus, { subject: endpointId, events: [event] });
  },
  chance: byChance,
};

const Message = z.strictObject({ channelId: z.string(), endpointId: z.string(), subject: z.string().optional() });

/** Serves an endpoint: sends what is due to it. */
export const handler = queueFunction("send-webhooks", "send-webhooks", Message, deps, async ({ subject, ...name }) => {
  const served = await serveEndpoint(deps, name, subject);
  if (served.kind === "more") await wake(name);
});
