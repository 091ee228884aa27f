import type { Result } from "../../../shared/kernel/problem.ts";
import type { ProviderDeps } from "../../../shared/payments/providers.ts";
import { type ProviderChange, planProvider, writeProvider } from "../../../shared/payments/set-provider.ts";
import type { Provider } from "../../../shared/payments/table.ts";

/** Sets a payment provider, as its operation does. */
export async function setProvider(deps: ProviderDeps, change: ProviderChange): Promise<Result<Provider>> {
  const planned = await planProvider(deps, change);
  return planned.ok ? writeProvider(deps, planned.value) : planned;
}
