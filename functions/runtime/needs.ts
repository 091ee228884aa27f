/** What a function can need, each with the IAM prefix of its service. The name says which of our tables, keys, queues or buckets it is. */
export const services = {
  ordersTable: "dynamodb",
  byChannelIndex: "dynamodb",
  byBuyerIndex: "dynamodb",
  inReviewIndex: "dynamodb",
  unfinishedIndex: "dynamodb",
  inventoryTable: "dynamodb",
  identityTable: "dynamodb",
  catalogTable: "dynamodb",
  listedIndex: "dynamodb",
  platformTable: "dynamodb",
  suppliers: "dynamodb",
  offers: "dynamodb",
  rates: "dynamodb",
  settings: "dynamodb",
  restocks: "dynamodb",
  callbacks: "dynamodb",
  providers: "dynamodb",
  notifications: "dynamodb",
  disputes: "dynamodb",
  cases: "dynamodb",
  erasures: "dynamodb",
  reconciliations: "dynamodb",
  failures: "dynamodb",
  cursors: "dynamodb",
  imports: "dynamodb",
  requestNotes: "dynamodb",
  webhooks: "dynamodb",
  webhookDeliveries: "dynamodb",
  senders: "dynamodb",
  messages: "dynamodb",
  linkUse: "dynamodb",
  onceLinks: "dynamodb",
  oneTimeCodes: "dynamodb",
  keyUse: "dynamodb",
  paces: "dynamodb",
  usage: "dynamodb",
  misses: "dynamodb",
  nonces: "dynamodb",
  ledgerTable: "dynamodb",
  auditTable: "dynamodb",
  codesKey: "kms",
  personalKey: "kms",
  fingerprintKey: "kms",
  generationKey: "kms",
  recognitionKey: "kms",
  linkKey: "kms",
  webhookKey: "kms",
  callbackQueue: "sqs",
  watchQueue: "sqs",
  syncQueue: "sqs",
  paymentQueue: "sqs",
  importQueue: "sqs",
  webhookQueue: "sqs",
  reconciliationQueue: "sqs",
  messageQueue: "sqs",
  searchQueue: "sqs",
  uploads: "s3",
  goodsFiles: "s3",
  salesLog: "s3",
  salesLogNames: "s3",
  uploadNames: "s3",
  eventArchive: "s3",
  eventArchiveNames: "s3",
  statements: "s3",
  deadLetters: "sqs",
  deadLetterSources: "sqs",
  eventQueues: "sqs",
  eventBus: "events",
  workflow: "states",
  executions: "states",
  taskTokens: "states",
  secrets: "ssm",
  paymentSecrets: "ssm",
  senderSecrets: "ssm",
  mail: "ses",
  textMessages: "sms-voice",
} as const;

export type Resource = keyof typeof services;

/** The parts of the operations table, which are of different worth. The table as a whole is granted to nobody. */
export const parts = [
  "suppliers",
  "offers",
  "rates",
  "settings",
  "restocks",
  "callbacks",
  "providers",
  "notifications",
  "disputes",
  "cases",
  "erasures",
  "reconciliations",
  "failures",
  "cursors",
  "imports",
  "requestNotes",
  "webhooks",
  "webhookDeliveries",
  "senders",
  "messages",
  "linkUse",
  "onceLinks",
  "oneTimeCodes",
  "keyUse",
  "paces",
  "usage",
  "misses",
  "nonces",
] as const satisfies readonly Resource[];
export type Part = (typeof parts)[number];

export const isPart = (resource: string): resource is Part => (parts as readonly string[]).includes(resource);

type TableAction =
  | "GetItem"
  | "BatchGetItem"
  | "Query"
  | "Scan"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "ConditionCheckItem"
  | "BatchWriteItem";

/** What may be done with one that is the only one of its kind. */
type OwnActions = {
  deadLetters: "GetQueueUrl" | "ReceiveMessage" | "DeleteMessage" | "SendMessage";
  deadLetterSources: "GetQueueUrl" | "SendMessage";
  eventQueues: "GetQueueUrl" | "SendMessage";
  uploads: "GetObject" | "PutObject" | "DeleteObject";
  goodsFiles: "GetObject" | "PutObject";
  salesLog: "GetObject" | "PutObject";
  salesLogNames: "ListBucket";
  uploadNames: "ListBucket";
  eventArchive: "GetObject" | "PutObject";
  eventArchiveNames: "ListBucket";
  statements: "GetObject" | "PutObject";
  eventBus: "PutEvents";
  workflow: "StartExecution";
  executions: "DescribeExecution";
  taskTokens: "SendTaskSuccess";
  secrets: "GetParameter" | "PutParameter";
  paymentSecrets: "GetParameter" | "PutParameter";
  senderSecrets: "GetParameter" | "PutParameter";
  mail: "SendEmail" | "SendRawEmail";
  textMessages: "SendTextMessage";
};

export type ActionOf<R extends Resource> = R extends keyof OwnActions
  ? OwnActions[R]
  : R extends `${string}Table` | Part
    ? TableAction
    : R extends `${string}Index`
      ? "Query"
      : R extends `${string}Key`
        ? "Decrypt" | "GenerateDataKey" | "GenerateMac"
        : "SendMessage";

/**
 * What a call or a worker needs: which resources, and what it does with each. Its role, its environment and the types of its
 * environment are made from this.
 */
export type Needs = { readonly [R in Resource]?: readonly ActionOf<R>[] };

/** All of several needs together: each resource once, with all that is done with it. */
export function together(...several: readonly Needs[]): Needs {
  const all = new Map<Resource, Set<string>>();
  for (const needs of several)
    for (const [resource, actions] of Object.entries(needs) as [Resource, readonly string[]][])
      all.set(resource, new Set([...(all.get(resource) ?? []), ...actions]));
  return Object.fromEntries([...all].map(([resource, actions]) => [resource, [...actions]])) as Needs;
}
