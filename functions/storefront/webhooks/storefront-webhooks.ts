import { sealer } from "../../../shared/secrecy/sealer.ts";
import { WEBHOOK_CONTEXT } from "../../../shared/webhooks/secrets.ts";
import { wakeBy } from "../../../shared/webhooks/wake.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { remembering } from "../../runtime/idempotency.ts";
import { allowedReceivers } from "../../runtime/receivers.ts";
import { webhookCalls } from "../../webhook-calls.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.storefrontWebhooks);
const calls = webhookCalls({
  ...given,
  allowed: allowedReceivers,
  sealSecret: sealer({ kms: kmsClient(), keyId: env.WEBHOOK_KEY, context: WEBHOOK_CONTEXT }),
  wake: wakeBy({ sqs: sqsClient(), webhookQueueUrl: env.WEBHOOK_QUEUE_URL }),
});
const shell = { ...forChannels(given), remember: remembering(given) };

/** This function seals secrets and can't open them. */
export const handler = httpFunction("storefront-webhooks", functions.storefrontWebhooks, shell, {
  createWebhookEndpoint: ({ body, idempotencyKey }, { channelId }) => calls.create(channelId, body, idempotencyKey),
  listWebhookEndpoints: (_request, { channelId }) => calls.list(channelId),
  getWebhookEndpoint: ({ params }, { channelId }) => calls.get({ ...params, channelId }),
  changeWebhookEndpoint: ({ params, body }, { channelId }) => calls.change({ ...params, channelId }, body),
  deleteWebhookEndpoint: ({ params }, { channelId }) => calls.remove({ ...params, channelId }),
  rotateWebhookSecret: ({ params, idempotencyKey }, { channelId }) =>
    calls.rotate({ ...params, channelId }, idempotencyKey),
  testWebhookEndpoint: ({ params, idempotencyKey }, { channelId }) =>
    calls.test({ ...params, channelId }, idempotencyKey),
  listWebhookDeliveries: ({ params, query, after }, { channelId }) =>
    calls.deliveries({ ...params, channelId }, query.limit, after),
  attemptWebhookDelivery: ({ params: { deliveryId, ...endpoint } }, { channelId }) =>
    calls.attempt({ ...endpoint, channelId }, deliveryId),
  replayWebhookDeliveries: ({ params, body, after }, { channelId }) =>
    calls.replay({ ...params, channelId }, body, after),
});
