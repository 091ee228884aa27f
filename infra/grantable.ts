import { FAILURES } from "../shared/dead-letters/failures.ts";
import { IMPORTS } from "../shared/imports/table.ts";
import { NOTES } from "../shared/requests/notes.ts";
import { PURCHASES } from "../shared/restock/purchases.ts";
import { RESTOCKS } from "../shared/restock/table.ts";
import { SETTINGS } from "../shared/review/settings.ts";
import { CALLBACKS } from "../shared/suppliers/callbacks.ts";
import { OFFERS } from "../shared/suppliers/offers.ts";
import { RATES } from "../shared/suppliers/rates.ts";
import { SUPPLIERS } from "../shared/suppliers/settings.ts";
import { OFFER_CHANGES } from "../shared/suppliers/sync.ts";

/** What can be granted, by the IAM prefix of its service. Tables, keys and queues are called as in the functions' schemas. */
export const services = {
  ordersTable: "dynamodb",
  byChannelIndex: "dynamodb",
  inReviewIndex: "dynamodb",
  unfinishedIndex: "dynamodb",
  inventoryTable: "dynamodb",
  identityTable: "dynamodb",
  catalogTable: "dynamodb",
  platformTable: "dynamodb",
  suppliers: "dynamodb",
  offers: "dynamodb",
  rates: "dynamodb",
  settings: "dynamodb",
  restocks: "dynamodb",
  callbacks: "dynamodb",
  failures: "dynamodb",
  imports: "dynamodb",
  requestNotes: "dynamodb",
  ledgerTable: "dynamodb",
  auditTable: "dynamodb",
  codesKey: "kms",
  personalKey: "kms",
  fingerprintKey: "kms",
  generationKey: "kms",
  recognitionKey: "kms",
  callbackQueue: "sqs",
  watchQueue: "sqs",
  syncQueue: "sqs",
  importQueue: "sqs",
  uploads: "s3",
  goodsFiles: "s3",
  salesLog: "s3",
  salesLogNames: "s3",
  uploadNames: "s3",
  deadLetters: "sqs",
  deadLetterSources: "sqs",
  eventBus: "events",
  workflow: "states",
  executions: "states",
  taskTokens: "states",
  secrets: "ssm",
} as const;

export type Resource = keyof typeof services;

/**
 * The parts of the operations table, by the leading keys of their items, which are of different worth: a function that notes why it
 * failed may not name a supplier. The table as a whole is granted to nobody.
 */
export const operationsParts = {
  suppliers: [SUPPLIERS],
  offers: [OFFERS, OFFER_CHANGES],
  rates: [RATES],
  settings: [SETTINGS],
  restocks: [RESTOCKS, PURCHASES],
  callbacks: [CALLBACKS],
  failures: [FAILURES],
  imports: [IMPORTS],
  requestNotes: [NOTES],
} as const satisfies { readonly [R in Resource]?: readonly string[] };

export type Part = keyof typeof operationsParts;

export const isPart = (resource: string): resource is Part => Object.hasOwn(operationsParts, resource);

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
  uploads: "GetObject" | "PutObject" | "DeleteObject";
  goodsFiles: "GetObject" | "PutObject";
  salesLog: "GetObject" | "PutObject";
  salesLogNames: "ListBucket";
  uploadNames: "ListBucket";
  eventBus: "PutEvents";
  workflow: "StartExecution";
  executions: "DescribeExecution";
  taskTokens: "SendTaskSuccess";
  secrets: "GetParameter" | "PutParameter";
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

export type Grants = { readonly [R in Resource]?: readonly ActionOf<R>[] };
