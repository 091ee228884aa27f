import { fingerprintOf } from "../kernel/ids.ts";
import { Secret } from "../kernel/secret.ts";
import { unseal, unwrap, type Wrapping } from "../secrecy/envelope.ts";
import type { Sealed } from "../secrecy/sealer.ts";
import { newWebhookSecret, webhookKey } from "../secrecy/standard-webhooks.ts";
import type { Endpoint, EndpointName } from "./table.ts";

/** What KMS binds the data keys of endpoints' secrets to. */
export const WEBHOOK_CONTEXT = { purpose: "webhook" } as const;
const bindingOf = ({ channelId, endpointId }: EndpointName): string => `${channelId} ${endpointId} secret`;

export type SealDeps = { sealSecret: (secret: string, boundTo: string) => Promise<Sealed> };

/** Names the request that makes a secret: its key is not stored. */
export const requestOf = (idempotencyKey: string): string => fingerprintOf({ idempotencyKey });

/** Makes a secret for an endpoint: as it is told once, and as it is kept. */
export async function makeSecret(
  deps: SealDeps,
  name: EndpointName,
  idempotencyKey: string,
): Promise<{ secret: Secret; kept: Endpoint["secret"] }> {
  const secret = newWebhookSecret();
  const sealed = await deps.sealSecret(secret.reveal(), bindingOf(name));
  return { secret, kept: { ...sealed, madeBy: requestOf(idempotencyKey) } };
}

/** Opens the keys that sign now: the newest first, and that of before a rotation for as long as it is good. */
export async function signingKeys(
  wrapping: Omit<Wrapping, "context">,
  endpoint: Endpoint,
  now: Date,
): Promise<Buffer[]> {
  const { secret, previous } = endpoint;
  const good = previous !== undefined && now.toISOString() < previous.until ? [secret, previous] : [secret];
  return Promise.all(
    good.map(async ({ sealed, dataKey }) => {
      const key = await unwrap({ ...wrapping, context: WEBHOOK_CONTEXT }, dataKey);
      return webhookKey(new Secret(unseal(key, sealed, bindingOf(endpoint))));
    }),
  );
}
