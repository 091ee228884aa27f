import * as z from "zod";
import type { Needs, Resource } from "./needs.ts";

/** The environment variable by which a function finds what it needs. Some are found by the name of another, or need no name. */
export const variables = {
  ordersTable: "ORDERS_TABLE",
  byChannelIndex: "ORDERS_TABLE",
  byBuyerIndex: "ORDERS_TABLE",
  inReviewIndex: "ORDERS_TABLE",
  unfinishedIndex: "ORDERS_TABLE",
  inventoryTable: "INVENTORY_TABLE",
  identityTable: "IDENTITY_TABLE",
  catalogTable: "CATALOG_TABLE",
  listedIndex: "OPERATIONS_TABLE",
  platformTable: "PLATFORM_TABLE",
  suppliers: "OPERATIONS_TABLE",
  offers: "OPERATIONS_TABLE",
  rates: "OPERATIONS_TABLE",
  settings: "OPERATIONS_TABLE",
  restocks: "OPERATIONS_TABLE",
  callbacks: "OPERATIONS_TABLE",
  providers: "OPERATIONS_TABLE",
  notifications: "OPERATIONS_TABLE",
  disputes: "OPERATIONS_TABLE",
  cases: "OPERATIONS_TABLE",
  erasures: "OPERATIONS_TABLE",
  reconciliations: "OPERATIONS_TABLE",
  failures: "OPERATIONS_TABLE",
  cursors: "OPERATIONS_TABLE",
  imports: "OPERATIONS_TABLE",
  requestNotes: "OPERATIONS_TABLE",
  webhooks: "OPERATIONS_TABLE",
  webhookDeliveries: "OPERATIONS_TABLE",
  senders: "OPERATIONS_TABLE",
  messages: "OPERATIONS_TABLE",
  linkUse: "OPERATIONS_TABLE",
  onceLinks: "OPERATIONS_TABLE",
  oneTimeCodes: "OPERATIONS_TABLE",
  keyUse: "OPERATIONS_TABLE",
  paces: "OPERATIONS_TABLE",
  usage: "OPERATIONS_TABLE",
  misses: "OPERATIONS_TABLE",
  nonces: "OPERATIONS_TABLE",
  ledgerTable: "LEDGER_TABLE",
  auditTable: "AUDIT_TABLE",
  codesKey: "CODES_KEY",
  personalKey: "PERSONAL_KEY",
  fingerprintKey: "FINGERPRINT_KEY",
  generationKey: "GENERATION_KEY",
  recognitionKey: "RECOGNITION_KEY",
  linkKey: "LINK_KEY",
  webhookKey: "WEBHOOK_KEY",
  callbackQueue: "CALLBACK_QUEUE_URL",
  watchQueue: "WATCH_QUEUE_URL",
  syncQueue: "SYNC_QUEUE_URL",
  paymentQueue: "PAYMENT_QUEUE_URL",
  importQueue: "IMPORT_QUEUE_URL",
  webhookQueue: "WEBHOOK_QUEUE_URL",
  reconciliationQueue: "RECONCILIATION_QUEUE_URL",
  messageQueue: "MESSAGE_QUEUE_URL",
  searchQueue: "SEARCH_QUEUE_URL",
  uploads: "UPLOAD_BUCKET",
  uploadNames: "UPLOAD_BUCKET",
  goodsFiles: "GOODS_BUCKET",
  salesLog: "SALES_LOG",
  salesLogNames: "SALES_LOG",
  eventArchive: "EVENT_ARCHIVE",
  eventArchiveNames: "EVENT_ARCHIVE",
  statements: "STATEMENT_BUCKET",
  deadLetters: "QUEUE_PREFIX",
  deadLetterSources: "QUEUE_PREFIX",
  eventQueues: "QUEUE_PREFIX",
  eventBus: "EVENT_BUS",
  workflow: "WORKFLOW_ARN",
  executions: "WORKFLOW_ARN",
  taskTokens: undefined,
  secrets: "SECRETS_PREFIX",
  paymentSecrets: "PAYMENT_SECRETS_PREFIX",
  senderSecrets: "SENDER_SECRETS_PREFIX",
  mail: undefined,
  textMessages: undefined,
} as const satisfies Record<Resource, string | undefined>;

export type Variable = NonNullable<(typeof variables)[Resource]>;

/** The needs of each of several, as one union, so that a group of operations can be asked for all of its variables. */
type Each<N> = N extends Needs ? keyof N & Resource : never;

/** The environment that a function with these needs is given. */
export type EnvironmentFor<N extends Needs> = { [V in NonNullable<(typeof variables)[Each<N>]>]: string };

/** The names of the variables that these needs are found by. */
export function variablesFor(needs: Needs): Variable[] {
  const named = (Object.keys(needs) as Resource[]).map((resource) => variables[resource]);
  return [...new Set(named.filter((name) => name !== undefined))];
}

/**
 * Reads what the needs are found by from the environment of this process.
 * @throws at cold start, with the names of the variables that the deployment forgot.
 */
export function environmentFor<N extends Needs>(...needs: readonly N[]): EnvironmentFor<N> {
  const names = needs.flatMap((one) => variablesFor(one));
  const missing = names.filter((name) => process.env[name] === undefined);
  if (missing.length > 0) throw new Error(`not in the environment: ${missing.join(", ")}`);
  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as EnvironmentFor<N>;
}

/** Reads settings that are no resources from the environment of this process. Throws at cold start when one is missing or wrong. */
export function settingsFrom<S extends z.ZodObject>(schema: S): z.output<S> {
  return schema.parse(process.env);
}

/** The zone whose days the books are kept in, an IANA name. */
export const shopZone = (): string => settingsFrom(z.object({ SHOP_ZONE: z.string().default("UTC") })).SHOP_ZONE;

/** The name of the environment that this function runs in, for example `prod`. */
export const environment = (): string =>
  settingsFrom(z.object({ ENVIRONMENT: z.string().default("local") })).ENVIRONMENT;
