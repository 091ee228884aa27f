import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { memory } from "../kernel/memory.ts";
import type { PaymentMethod } from "./contract.ts";
import { methodOf } from "./registry.ts";
import { type Provider, providerKey, providers } from "./table.ts";

/** What it takes to talk to payment providers. `environmentName`: of this deployment; production speaks no simulated protocol. */
export type ProviderDeps = Db<"operations"> & {
  ssm: SSMClient;
  paymentSecretsPrefix: string;
  environmentName: string;
};

export type Reached = { provider: Provider; method: PaymentMethod };

/** Reads a provider's settings. Undefined: there is none of this name. */
export async function findProvider(deps: Db<"operations">, name: string): Promise<Provider | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key: providerKey(name) }));
  return providers.find(found.Item);
}

// As with suppliers: after five minutes a rotated secret is in use everywhere, without a deployment; and forged notifications make a
// process read a secret at most once in half a minute.
const CACHE_MS = 5 * 60 * 1000;
export const SHORTEST_CACHE_MS = 30_000;
const remembered = memory<unknown>({ lastsMs: CACHE_MS, most: 100 });

/** Reads a provider and makes its adapter, with credentials that were read at most `maxAgeMs` ago. Undefined: there is none. */
export async function reachProvider(
  deps: ProviderDeps,
  name: string,
  maxAgeMs = CACHE_MS,
): Promise<Reached | undefined> {
  const provider = await findProvider(deps, name);
  if (provider === undefined) return undefined;
  const credentials = await credentialsFor(deps, provider, maxAgeMs);
  return { provider, method: methodOf(provider.protocol, provider, credentials, deps.environmentName) };
}

async function credentialsFor(deps: ProviderDeps, { name }: Provider, maxAgeMs: number): Promise<unknown> {
  const parameter = `${deps.paymentSecretsPrefix}${name}`;
  const known = remembered.recall(parameter, maxAgeMs);
  if (known !== undefined) return known;
  const found = await deps.ssm.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
  const value: unknown = JSON.parse(found.Parameter?.Value ?? "null");
  remembered.note(parameter, value);
  return value;
}
