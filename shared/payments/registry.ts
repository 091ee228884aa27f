/**
 * The payment providers' protocols that we speak, whole. A new one is a folder beside `simulated/` and a line here and in `starters.ts`.
 * What only begins payments does not import this.
 */
import { alipay } from "./alipay/adapter.ts";
import type { PaymentMethod, ProviderProtocol, ProviderSettings } from "./contract.ts";
import { simulated } from "./simulated/adapter.ts";
import { type ProviderProtocolName, withSecrets } from "./starters.ts";
import { stripe } from "./stripe/adapter.ts";
import { wechat } from "./wechat/adapter.ts";

const providerProtocols = { alipay, simulated, stripe, wechat } satisfies Record<ProviderProtocolName, unknown>;

/** Makes the adapter of a provider. Throws if settings or credentials can't work, or if the environment forbids the protocol. */
export function methodOf(
  name: ProviderProtocolName,
  settings: ProviderSettings,
  credentials: unknown,
  environmentName: string,
): PaymentMethod {
  const { protocol, secrets } = withSecrets<ProviderProtocol>(
    providerProtocols,
    name,
    settings,
    credentials,
    environmentName,
  );
  return protocol.adapter(settings, secrets);
}
