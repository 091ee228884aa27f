import { findChannel } from "../../../shared/channels/keys.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";
import { sealer } from "../../../shared/secrecy/sealer.ts";
import { findEndpoint } from "../../../shared/webhooks/endpoints.ts";
import { WEBHOOK_CONTEXT } from "../../../shared/webhooks/secrets.ts";
import type { EndpointName } from "../../../shared/webhooks/table.ts";
import { wakeBy } from "../../../shared/webhooks/wake.ts";
import { dependenciesOf, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { allowedReceivers } from "../../runtime/receivers.ts";
import { acts, made } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { webhookCalls } from "../../webhook-calls.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.operatorWebhooks);
const deps = {
  ...given,
  allowed: allowedReceivers,
  sealSecret: sealer({ kms: kmsClient(), keyId: env.WEBHOOK_KEY, context: WEBHOOK_CONTEXT }),
  wake: wakeBy({ sqs: sqsClient(), webhookQueueUrl: env.WEBHOOK_QUEUE_URL }),
};
const calls = webhookCalls(deps);

async function known(channelId: string): Promise<Result<undefined>> {
  const found = await findChannel(deps, channelId);
  return found === undefined ? refuse("not_found", "There is no such channel.") : ok(undefined);
}

/** Goes on if there is such an endpoint. */
async function onEndpoint<T>(name: EndpointName, goOn: () => Result<T>): Promise<Result<T>> {
  const found = await findEndpoint(deps, name);
  return found.ok ? goOn() : found;
}

export const handler = httpFunction("operator-webhooks", functions.operatorWebhooks, forOperators(deps), {
  createChannelsEndpoint: async ({ params: { channelId }, body, idempotencyKey }) => {
    const channel = await known(channelId);
    if (!channel.ok) return channel;
    const created = await calls.create(channelId, body, idempotencyKey);
    if (!created.ok) return created;
    const { id, url } = created.value.body;
    return made({ what: { endpointId: id, host: new URL(url).host }, names: { id } }, created.value);
  },
  listChannelsEndpoints: async ({ params: { channelId } }) => {
    const channel = await known(channelId);
    return channel.ok ? calls.list(channelId) : channel;
  },
  getChannelsEndpoint: ({ params }) => calls.get(params),
  changeChannelsEndpoint: async ({ params, body }) => {
    const found = await findEndpoint(deps, params);
    if (!found.ok) return found;
    const { enabled, events } = found.value.endpoint;
    const facts = {
      before: { enabled, events: events?.join(" ") ?? "all" },
      after: { enabled: body.enabled ?? enabled, events: (body.events ?? events)?.join(" ") ?? "all" },
    };
    const host = body.url === undefined ? {} : { what: { host: hostOf(body.url) } };
    return acts({ ...facts, ...host }, () => calls.change(params, body));
  },
  deleteChannelsEndpoint: ({ params }) =>
    onEndpoint(params, () => acts({ what: { ...params } }, () => calls.remove(params))),
  rotateChannelsSecret: ({ params, idempotencyKey }) =>
    onEndpoint(params, () => acts({ what: { ...params } }, () => calls.rotate(params, idempotencyKey))),
  testChannelsEndpoint: ({ params, idempotencyKey }) =>
    onEndpoint(params, () => acts({ what: { ...params } }, () => calls.test(params, idempotencyKey))),
  listChannelsDeliveries: ({ params, query, after }) => calls.deliveries(params, query.limit, after),
  attemptChannelsDelivery: ({ params: { deliveryId, ...name } }) =>
    onEndpoint(name, () => acts({ what: { deliveryId } }, () => calls.attempt(name, deliveryId))),
  replayChannelsDeliveries: async ({ params, body, after }) => {
    const step = () => calls.replay(params, body, after);
    // Its first step is on record for all of them.
    return after === undefined ? onEndpoint(params, () => acts({ what: { ...body } }, step)) : step();
  },
});

/** Where an address leads. Its path may hold a token, and stays off the record. */
const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : "");
