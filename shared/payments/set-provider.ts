import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db } from "../aws/dynamo.ts";
import { listedAs, pageOfList } from "../aws/listed.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { Address } from "../suppliers/address.ts";
import { Fees } from "./fee.ts";
import type { ProviderDeps } from "./providers.ts";
import { forbiddenIn, providerProtocolNames, startingProtocols } from "./starters.ts";
import { type Provider, providerKey, providers } from "./table.ts";

/** The name by which orders, and the address of its notifications, speak of a provider. */
export const ProviderName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be lower-case letters, digits and hyphens");

/** What an operator says of a payment provider. Its credentials go to the parameter store and nowhere else. */
export const NewProvider = z
  .strictObject({
    name: ProviderName,
    protocol: z.enum(providerProtocolNames),
    baseUrl: Address,
    credentials: z.record(z.string(), z.string()),
    notificationUrl: Address.optional(),
    timeoutMs: z.int().min(100).max(15_000).default(8_000),
    fees: Fees.optional(),
  })
  .superRefine(({ protocol, credentials, notificationUrl }, context) => {
    // The protocol that uses them checks them.
    const read = startingProtocols[protocol].credentials.safeParse(credentials);
    for (const { path, message } of read.error?.issues ?? [])
      context.addIssue({ code: "custom", path: ["credentials", ...path], message });
    if (startingProtocols[protocol].needsNotificationUrl === true && !/^[^?#]+$/.test(notificationUrl ?? ""))
      context.addIssue({ code: "custom", path: ["notificationUrl"], message: "is required, without a query" });
    if (read.success && Buffer.byteLength(JSON.stringify(read.data)) > LIMITS.providerSecretsBytes)
      context.addIssue({ code: "custom", path: ["credentials"], message: "must have 8 KB at most as JSON" });
  });
export type NewProvider = z.infer<typeof NewProvider>;

/**
 * Sets a payment provider: the first time, or instead of what it was. The credentials come first, so that no settings stand without
 * them; running it again ends the same. Production refuses what moves no money: a simulated protocol, or credentials of a test mode.
 */
export async function setProvider(deps: ProviderDeps, request: NewProvider): Promise<Result<Provider>> {
  const { credentials, name, protocol, baseUrl, notificationUrl, timeoutMs, fees } = request;
  const forbidden = forbiddenIn(deps.environmentName, protocol, credentials);
  if (forbidden !== undefined)
    return refuse(
      "invalid_request",
      "A provider that moves no money is for trying things out, and this is no place for one.",
      [{ pointer: `/${forbidden}`, message: "is not allowed in production" }],
    );
  await deps.ssm.send(
    new PutParameterCommand({
      Name: `${deps.paymentSecretsPrefix}${name}`,
      // As the protocol keeps them: a key or a certificate in its shortest form.
      Value: JSON.stringify(startingProtocols[protocol].credentials.parse(credentials)),
      Type: "SecureString",
      Overwrite: true,
      // RSA keys and certificates can be more than the 4 KB of a standard parameter. Only one that is larger costs anything.
      Tier: "Intelligent-Tiering",
    }),
  );
  const provider = {
    name,
    protocol,
    baseUrl,
    timeoutMs,
    ...(notificationUrl === undefined ? {} : { notificationUrl }),
    ...(fees === undefined ? {} : { fees }),
  };
  const item = providers.write(providerKey(name), provider, listedAs("payment-providers", name));
  await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item: item }));
  return ok(provider);
}

/** Reads a page of the payment providers, by name. */
export async function listProviders(
  deps: Db<"operations">,
  limit: number,
  after?: string,
): Promise<{ providers: Provider[]; next: string | null }> {
  const { items, next } = await pageOfList(deps, "payment-providers", { limit, after, newestFirst: false });
  return { providers: items.map(providers.read), next };
}
