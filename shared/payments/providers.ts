import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { memory } from "../kernel/memory.ts";
import type { Starter } from "./contract.ts";
import { starterOf } from "./starters.ts";
import { type Provider, providerKey, providers } from "./table.ts";

/** What it takes to talk to payment providers. `environmentName`: of this deployment; production speaks no simulated protocol. */
export type ProviderDeps = Db<"operations"> & {
  ssm: SSMClient;
  paymentSecretsPrefix: string;
  environmentName: string;
};

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

/** Reads a provider and makes what begins payments there. Undefined: there is none. */
export async function reachStarter(deps: ProviderDeps, name: string): Promise<Starter | undefined> {
  const provider = await findProvider(deps, name);
  if (provider === undefined) return undefined;
  return starterOf(provider.protocol, provider, await credentialsFor(deps, provider), deps.environmentName);
}

/** Reads the credentials of a provider; what this process has read at most `maxAgeMs` ago is good enough. */
export async function credentialsFor(deps: ProviderDeps, { name }: Provider, maxAgeMs = CACHE_MS): Promise<unknown> {
  const parameter = `${deps.paymentSecretsPrefix}${name}`;
  const known = remembered.recall(parameter, maxAgeMs);
  if (known !== undefined) return known;
  const found = await deps.ssm.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
  const value: unknown = JSON.parse(found.Parameter?.Value ?? "null");
  remembered.note(parameter, value);
  return value;
}
