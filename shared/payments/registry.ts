/** The payment providers' protocols that we speak. A new one is a folder beside `simulated/` and a line here. */
import { Secret } from "../kernel/secret.ts";
import type { Credentials, PaymentMethod, ProviderProtocol, ProviderSettings } from "./contract.ts";
import { simulated } from "./simulated/adapter.ts";

export const providerProtocols = { simulated };

export type ProviderProtocolName = keyof typeof providerProtocols;
export const providerProtocolNames = Object.keys(providerProtocols) as [
  ProviderProtocolName,
  ...ProviderProtocolName[],
];

/** A protocol that moves no money is not spoken where money is real. */
export const isAllowedIn = (environmentName: string, name: ProviderProtocolName): boolean =>
  !(environmentName === "prod" && providerProtocols[name].isSimulated);

/** Makes the adapter of a provider. Throws if settings or credentials can't work, or if the environment forbids the protocol. */
export function methodOf(
  name: ProviderProtocolName,
  settings: ProviderSettings,
  credentials: unknown,
  environmentName: string,
): PaymentMethod {
  if (!isAllowedIn(environmentName, name)) throw new Error(`${name} moves no money, so ${environmentName} refuses it`);
  const protocol: ProviderProtocol = providerProtocols[name];
  const given: Credentials = protocol.credentials.parse(credentials);
  const secrets = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, new Secret(value)]));
  return protocol.adapter(settings, secrets);
}
