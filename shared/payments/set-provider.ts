import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Db, type Item, putIf } from "../aws/dynamo.ts";
import { listedAs, pageOfList } from "../aws/listed.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { merged } from "../kernel/merge.ts";
import { type FieldError, ok, pointersOf, type Result, refuse } from "../kernel/problem.ts";
import { Address } from "../suppliers/address.ts";
import { Fees } from "./fee.ts";
import type { ProviderDeps } from "./providers.ts";
import { forbiddenIn, providerProtocolNames, startingProtocols } from "./starters.ts";
import { type Provider, providerKey, providers } from "./table.ts";

/** The name by which orders, and the address of its notifications, speak of a provider. */
export const ProviderName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be lower-case letters, digits and hyphens");

const settings = {
  name: ProviderName,
  protocol: z.enum(providerProtocolNames),
  baseUrl: Address,
  credentials: z.record(z.string(), z.string()).optional(),
  notificationUrl: Address.optional(),
  timeoutMs: z.int().min(100).max(15_000).default(8_000),
  fees: Fees.optional(),
};

/**
 * What an operator says of a payment provider. What is not named stays as it is, and null takes it away. Credentials are replaced as a
 * whole; they go to the parameter store and nowhere else.
 */
export const ProviderChange = z.strictObject({
  name: settings.name,
  protocol: settings.protocol.optional(),
  baseUrl: settings.baseUrl.optional(),
  credentials: settings.credentials,
  notificationUrl: settings.notificationUrl.nullable(),
  timeoutMs: settings.timeoutMs.unwrap().optional(),
  fees: settings.fees.nullable(),
});
export type ProviderChange = z.infer<typeof ProviderChange>;

/** A provider as it will be, and the credentials that are new. */
const NewProvider = z.strictObject(settings).superRefine(({ protocol, credentials, notificationUrl }, context) => {
  const wrong = (path: string[], message: string): void => context.addIssue({ code: "custom", path, message });
  if (startingProtocols[protocol].needsNotificationUrl === true && !/^[^?#]+$/.test(notificationUrl ?? ""))
    wrong(["notificationUrl"], "is required, without a query");
  if (credentials === undefined) return;
  // The protocol that uses them checks them.
  const read = startingProtocols[protocol].credentials.safeParse(credentials);
  for (const { path, message } of read.error?.issues ?? []) wrong(["credentials", ...path.map(String)], message);
  if (read.success && Buffer.byteLength(JSON.stringify(read.data)) > LIMITS.providerSecretsBytes)
    wrong(["credentials"], "must have 8 KB at most as JSON");
});

/** A change that was thought through. `version`: how often the provider was set before; 0: never. */
export type ProviderPlan = {
  before: Provider | undefined;
  after: Provider;
  version: number;
  credentials: Readonly<Record<string, string>> | undefined;
};

/**
 * Plans what a provider will be; nothing is written. The first time, and when its protocol changes, it needs credentials. Production
 * refuses what moves no money: a simulated protocol, a sandbox, or credentials of a test mode.
 */
export async function planProvider(deps: ProviderDeps, change: ProviderChange): Promise<Result<ProviderPlan>> {
  const key = providerKey(change.name);
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: key, ConsistentRead: true }),
  );
  const before = providers.find(found.Item);
  const whole = merged(before, change) as object;
  const planned = NewProvider.safeParse(whole);
  if (!planned.success) return wrong(planned.error.issues.flatMap((issue) => pointersOf([missingIn(whole, issue)])));
  const { credentials, notificationUrl, fees, ...named } = planned.data;
  if (credentials === undefined && named.protocol !== before?.protocol)
    return wrong([{ pointer: "/credentials", message: `are needed: there are none for ${named.protocol} yet` }]);
  const forbidden = forbiddenIn(deps.environmentName, named.protocol, named.baseUrl, credentials);
  if (forbidden !== undefined)
    return refuse(
      "invalid_request",
      "A provider that moves no money is for trying things out, and this is no place for one.",
      [{ pointer: `/${forbidden}`, message: "is not allowed in production" }],
    );
  const after = {
    ...named,
    ...(notificationUrl === undefined ? {} : { notificationUrl }),
    ...(fees === undefined ? {} : { fees }),
  };
  return ok({ before, after, version: versionOf(found.Item), credentials });
}

/** What a new provider lacks is told as that. */
const missingIn = (whole: object, issue: z.core.$ZodIssue): z.core.$ZodIssue =>
  issue.code === "custom" || String(issue.path[0]) in whole
    ? issue
    : { ...issue, message: "is required: there is no provider of this name yet" };

const wrong = (errors: FieldError[]) => refuse("invalid_request", "Some fields are not as they should be.", errors);
/** Providers that were set by an earlier release have no version. */
const versionOf = (item: Item | undefined): number => Number(item?.["version"] ?? 0);

/**
 * Writes a planned provider. Refused if somebody else has set it since, so that no change is lost. Credentials of a new provider come
 * first, so that no settings stand without them; otherwise they come last, so that a refusal has changed nothing. Running it again ends
 * the same.
 */
export async function writeProvider(deps: ProviderDeps, plan: ProviderPlan): Promise<Result<Provider>> {
  if (plan.before === undefined) await keepCredentials(deps, plan);
  const written = await writeSettings(deps, plan);
  if (written.ok && plan.before !== undefined) await keepCredentials(deps, plan);
  return written;
}

async function writeSettings(deps: ProviderDeps, { after, version }: ProviderPlan): Promise<Result<Provider>> {
  const { name } = after;
  const beside = { ...listedAs("payment-providers", name), version: version + 1 };
  const Item = providers.write(providerKey(name), after, beside);
  const written = await putIf(deps.db, {
    TableName: deps.tables.operations,
    Item,
    ConditionExpression: "attribute_not_exists(version) OR version = :version",
    ExpressionAttributeValues: { ":version": version },
  });
  // The SDK repeats a put whose answer was lost; then our own item stands in the way.
  const isOurs = written.ok || fingerprintOf(written.old) === fingerprintOf(Item);
  return isOurs ? ok(after) : refuse("changed_meanwhile", "Somebody else has just set the provider.");
}

async function keepCredentials(deps: ProviderDeps, { after, credentials }: ProviderPlan): Promise<void> {
  if (credentials === undefined) return;
  await deps.ssm.send(
    new PutParameterCommand({
      Name: `${deps.paymentSecretsPrefix}${after.name}`,
      // As the protocol keeps them: a key or a certificate in its shortest form.
      Value: JSON.stringify(startingProtocols[after.protocol].credentials.parse(credentials)),
      Type: "SecureString",
      Overwrite: true,
      // RSA keys and certificates can be more than the 4 KB of a standard parameter. Only one that is larger costs anything.
      Tier: "Intelligent-Tiering",
    }),
  );
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

/** Sets a provider: plans a change, and writes it. */
export async function setProvider(deps: ProviderDeps, change: ProviderChange): Promise<Result<Provider>> {
  const planned = await planProvider(deps, change);
  return planned.ok ? writeProvider(deps, planned.value) : planned;
}
