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

/** Gives the secrets of before, newest first, that are still good. */
export const stillGood = (
  { previous = [] }: Pick<Endpoint, "previous">,
  now: Date,
): NonNullable<Endpoint["previous"]> => previous.filter(({ until }) => now.toISOString() < until);

/** Opens the keys that sign now: the newest first, and those of before a rotation for as long as they are good. */
export async function signingKeys(
  wrapping: Omit<Wrapping, "context">,
  endpoint: Endpoint,
  now: Date,
): Promise<Buffer[]> {
  const good = [endpoint.secret, ...stillGood(endpoint, now)];
  return Promise.all(
    good.map(async ({ sealed, dataKey }) => {
      const key = await unwrap({ ...wrapping, context: WEBHOOK_CONTEXT }, dataKey);
      return webhookKey(new Secret(unseal(key, sealed, bindingOf(endpoint))));
    }),
  );
}
