import type { PaymentMethod } from "./contract.ts";
import { credentialsFor, findProvider, type ProviderDeps } from "./providers.ts";
import { methodOf } from "./registry.ts";
import type { Provider } from "./table.ts";

export type Reached = { provider: Provider; method: PaymentMethod };

/** Reads a provider and makes its adapter, with credentials that were read at most `maxAgeMs` ago. Undefined: there is none. */
export async function reachProvider(deps: ProviderDeps, name: string, maxAgeMs?: number): Promise<Reached | undefined> {
  const provider = await findProvider(deps, name);
  if (provider === undefined) return undefined;
  const credentials = await credentialsFor(deps, provider, maxAgeMs);
  return { provider, method: methodOf(provider.protocol, provider, credentials, deps.environmentName) };
}
