import { ArnFormat, type Stack } from "aws-cdk-lib";
import type { EventBus } from "aws-cdk-lib/aws-events";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Variable } from "../../functions/runtime/env.ts";
import { LISTED } from "../../shared/aws/listed.ts";
import { deadLetterQueues, deadLettersOf, eventConsumers, messageQueues } from "../../shared/dead-letters/catalogue.ts";
import { IN_REVIEW } from "../../shared/orders/queues.ts";
import { BY_BUYER, BY_CHANNEL } from "../../shared/orders/table.ts";
import { UNFINISHED } from "../../shared/orders/unfinished.ts";
import { type Config, nameOf } from "../config.ts";
import { bucketNameOf, type DataStack } from "../stacks/data.ts";
import type { Arns } from "../statements.ts";
import { workflowNameOf } from "../workflows/fulfilment.ts";
import type { Api } from "./api.ts";

/** All that functions can be given: by which variables they find it, and the ARNs that their roles name. */
export interface Reach {
  readonly env: Readonly<Record<Variable, string>>;
  readonly arns: Arns;
  /** Where buyers find their pages. On the local engine a path of the engine, whose port nobody knows before it runs. */
  readonly pagesUrl: string;
}

interface Parts {
  readonly config: Config;
  readonly api: Api;
  readonly data: DataStack;
  readonly events: EventBus;
  readonly queue: (
    name:
      | "callbacks"
      | "watch"
      | "sync"
      | "imports"
      | "payments"
      | "send-webhooks"
      | "send-messages"
      | "find-orders"
      | "reconciliations",
  ) => Queue;
}

type Bucket = Parameters<typeof bucketNameOf>[2];

/**
 * Gives the names and ARNs of everything that functions may use, in any stack. `stack`: gives the account and region.
 */
export function reachOf(stack: Stack, parts: Parts): Reach {
  return { env: envOf(stack, parts), arns: arnsOf(stack, parts), pagesUrl: pagesUrlOf(parts) };
}

function pagesUrlOf({ config: { onLocalEngine, pagesUrl }, api }: Parts): string {
  if (onLocalEngine) return `/_aws/execute-api/${api.httpApi.apiId}/$default`;
  return pagesUrl ?? api.httpApi.apiEndpoint;
}

function envOf(stack: Stack, { config, data, events, queue }: Parts): Record<Variable, string> {
  return {
    ORDERS_TABLE: data.orders.tableName,
    INVENTORY_TABLE: data.inventory.tableName,
    IDENTITY_TABLE: data.identity.tableName,
    CATALOG_TABLE: data.catalog.tableName,
    OPERATIONS_TABLE: data.operations.tableName,
    PLATFORM_TABLE: data.platform.tableName,
    LEDGER_TABLE: data.ledger.tableName,
    AUDIT_TABLE: data.audit.tableName,
    CODES_KEY: data.codesKey.keyArn,
    PERSONAL_KEY: data.personalKey.keyArn,
    FINGERPRINT_KEY: data.fingerprintKey.keyArn,
    GENERATION_KEY: data.generationKey.keyArn,
    RECOGNITION_KEY: data.recognitionKey.keyArn,
    LINK_KEY: data.linkKey.keyArn,
    WEBHOOK_KEY: data.webhookKey.keyArn,
    CALLBACK_QUEUE_URL: queue("callbacks").queueUrl,
    WATCH_QUEUE_URL: queue("watch").queueUrl,
    SYNC_QUEUE_URL: queue("sync").queueUrl,
    IMPORT_QUEUE_URL: queue("imports").queueUrl,
    WEBHOOK_QUEUE_URL: queue("send-webhooks").queueUrl,
    PAYMENT_QUEUE_URL: queue("payments").queueUrl,
    RECONCILIATION_QUEUE_URL: queue("reconciliations").queueUrl,
    MESSAGE_QUEUE_URL: queue("send-messages").queueUrl,
    SEARCH_QUEUE_URL: queue("find-orders").queueUrl,
    UPLOAD_BUCKET: bucketNameOf(stack, config, "uploads"),
    GOODS_BUCKET: bucketNameOf(stack, config, "goods"),
    SALES_LOG: bucketNameOf(stack, config, "sales-log"),
    EVENT_ARCHIVE: bucketNameOf(stack, config, "events"),
    STATEMENT_BUCKET: bucketNameOf(stack, config, "statements"),
    QUEUE_PREFIX: nameOf(config, ""),
    EVENT_BUS: events.eventBusName,
    WORKFLOW_ARN: workflowArnOf(stack, config),
    SECRETS_PREFIX: secretsPrefix(config, "suppliers"),
    PAYMENT_SECRETS_PREFIX: secretsPrefix(config, "payments"),
    SENDER_SECRETS_PREFIX: secretsPrefix(config, "senders"),
  };
}

function arnsOf(stack: Stack, { config, data, events, queue }: Parts): Arns {
  const bucket = (name: Bucket): string => `arn:${stack.partition}:s3:::${bucketNameOf(stack, config, name)}`;
  const files = (name: Bucket): string => `${bucket(name)}/*`;
  const queueNamed = (name: string): string => stack.formatArn({ service: "sqs", resource: nameOf(config, name) });
  return {
    ordersTable: data.orders.tableArn,
    byChannelIndex: `${data.orders.tableArn}/index/${BY_CHANNEL}`,
    byBuyerIndex: `${data.orders.tableArn}/index/${BY_BUYER}`,
    inReviewIndex: `${data.orders.tableArn}/index/${IN_REVIEW}`,
    unfinishedIndex: `${data.orders.tableArn}/index/${UNFINISHED}`,
    inventoryTable: data.inventory.tableArn,
    identityTable: data.identity.tableArn,
    catalogTable: data.catalog.tableArn,
    operationsTable: data.operations.tableArn,
    listedIndex: `${data.operations.tableArn}/index/${LISTED}`,
    platformTable: data.platform.tableArn,
    ledgerTable: data.ledger.tableArn,
    auditTable: data.audit.tableArn,
    codesKey: data.codesKey.keyArn,
    personalKey: data.personalKey.keyArn,
    fingerprintKey: data.fingerprintKey.keyArn,
    generationKey: data.generationKey.keyArn,
    recognitionKey: data.recognitionKey.keyArn,
    linkKey: data.linkKey.keyArn,
    webhookKey: data.webhookKey.keyArn,
    callbackQueue: queue("callbacks").queueArn,
    watchQueue: queue("watch").queueArn,
    syncQueue: queue("sync").queueArn,
    importQueue: queue("imports").queueArn,
    webhookQueue: queue("send-webhooks").queueArn,
    paymentQueue: queue("payments").queueArn,
    reconciliationQueue: queue("reconciliations").queueArn,
    messageQueue: queue("send-messages").queueArn,
    searchQueue: queue("find-orders").queueArn,
    uploads: files("uploads"),
    goodsFiles: files("goods"),
    salesLog: files("sales-log"),
    salesLogNames: bucket("sales-log"),
    uploadNames: bucket("uploads"),
    eventArchive: files("events"),
    eventArchiveNames: bucket("events"),
    statements: files("statements"),
    // By their names: those of consumers are made after the functions that may read them.
    deadLetters: deadLetterQueues.map((of) => queueNamed(deadLettersOf(of))),
    deadLetterSources: messageQueues.map(queueNamed),
    eventQueues: eventConsumers.map(queueNamed),
    eventBus: events.eventBusArn,
    workflow: workflowArnOf(stack, config),
    executions: statesArn(stack, "execution", `${workflowNameOf(config)}:*`),
    // A token belongs to its workflow. The local engine asks for permission on everything instead.
    taskTokens: config.onLocalEngine ? "*" : workflowArnOf(stack, config),
    secrets: secretsArn(stack, config, "suppliers"),
    paymentSecrets: secretsArn(stack, config, "payments"),
    senderSecrets: secretsArn(stack, config, "senders"),
    // A sender may be of another region than ours.
    mail: ["identity/*", "configuration-set/*"].map((name) => anywhere(stack, "ses", name)),
    textMessages: ["phone-number/*", "sender-id/*", "pool/*", "configuration-set/*"].map((name) =>
      anywhere(stack, "sms-voice", name),
    ),
  };
}

/**
 * Makes the workflow's ARN from its name: the functions need it before the workflow exists, and the workflow needs the
 * functions.
 */
export const workflowArnOf = (stack: Stack, config: Config): string =>
  statesArn(stack, "stateMachine", workflowNameOf(config));

const statesArn = (stack: Stack, resource: string, resourceName: string): string =>
  stack.formatArn({ service: "states", resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

/** Things of the account in any region. */
const anywhere = (stack: Stack, service: string, resource: string): string =>
  stack.formatArn({ service, region: "*", resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });

/** Whose secrets: those of suppliers, of payment providers, or of senders. Who may read the ones has no right to the others. */
type Whose = "suppliers" | "payments" | "senders";

const secretsPrefix = ({ env }: Config, whose: Whose): string => `/vouchsafe/${env}/${whose}/`;

const secretsArn = (stack: Stack, config: Config, whose: Whose): string =>
  stack.formatArn({
    service: "ssm",
    resource: "parameter",
    resourceName: `${secretsPrefix(config, whose).slice(1)}*`,
  });
