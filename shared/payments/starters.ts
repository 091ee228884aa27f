/** The payment providers' protocols that we speak, as far as it takes to begin a payment. */
import { Secret } from "../kernel/secret.ts";
import { alipayStart } from "./alipay/start.ts";
import type { Credentials, ProviderSettings, Starter, StartingProtocol } from "./contract.ts";
import { simulatedStart } from "./simulated/start.ts";
import { stripeStart } from "./stripe/start.ts";
import { wechatStart } from "./wechat/start.ts";

export const startingProtocols = {
  alipay: alipayStart,
  simulated: simulatedStart,
  stripe: stripeStart,
  wechat: wechatStart,
};

export type ProviderProtocolName = keyof typeof startingProtocols;
export const providerProtocolNames = Object.keys(startingProtocols) as [
  ProviderProtocolName,
  ...ProviderProtocolName[],
];

/** Says what moves no money where money is real: a protocol, a provider's sandbox, or its test mode. Undefined: nothing. */
export function forbiddenIn(
  environmentName: string,
  name: ProviderProtocolName,
  baseUrl: string,
  credentials: unknown,
): "protocol" | "baseUrl" | "credentials" | undefined {
  if (environmentName !== "prod") return undefined;
  const protocol: StartingProtocol = startingProtocols[name];
  if (protocol.isSimulated) return "protocol";
  if (protocol.isSandbox?.(baseUrl) === true) return "baseUrl";
  const given = protocol.credentials.safeParse(credentials);
  return given.success && protocol.isTest?.(given.data) === true ? "credentials" : undefined;
}

/** Gives a protocol and the secrets that it is to use. Throws if they can't work, or if the environment forbids the protocol. */
export function withSecrets<P extends StartingProtocol>(
  all: Readonly<Record<ProviderProtocolName, P>>,
  name: ProviderProtocolName,
  { baseUrl }: ProviderSettings,
  credentials: unknown,
  environmentName: string,
) {
  if (forbiddenIn(environmentName, name, baseUrl, credentials) !== undefined)
    throw new Error(`${name} moves no money, so ${environmentName} refuses it`);
  const protocol = all[name];
  const given: Credentials = protocol.credentials.parse(credentials);
  const secrets = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, new Secret(value)]));
  return { protocol, secrets };
}

/** Makes what begins payments at a provider. Throws as `withSecrets` does. */
export function starterOf(
  name: ProviderProtocolName,
  settings: ProviderSettings,
  credentials: unknown,
  environmentName: string,
): Starter {
  const { protocol, secrets } = withSecrets<StartingProtocol>(
    startingProtocols,
    name,
    settings,
    credentials,
    environmentName,
  );
  return protocol.starter(settings, secrets);
}
