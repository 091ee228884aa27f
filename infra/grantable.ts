/** What can be granted, by the IAM prefix of its service. Tables, keys and queues are called as in the functions' schemas. */
export const services = {
  ordersTable: "dynamodb",
  byChannelIndex: "dynamodb",
  inReviewIndex: "dynamodb",
  unfinishedIndex: "dynamodb",
  inventoryTable: "dynamodb",
  platformTable: "dynamodb",
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

type TableAction =
  | "GetItem"
  | "BatchGetItem"
  | "Query"
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
  requestNotes: "PutItem";
  secrets: "GetParameter" | "PutParameter";
};

export type ActionOf<R extends Resource> = R extends keyof OwnActions
  ? OwnActions[R]
  : R extends `${string}Table`
    ? TableAction
    : R extends `${string}Index`
      ? "Query"
      : R extends `${string}Key`
        ? "Decrypt" | "GenerateDataKey" | "GenerateMac"
        : "SendMessage";

export type Grants = { readonly [R in Resource]?: readonly ActionOf<R>[] };
