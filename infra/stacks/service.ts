import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { EventBus, Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as Target } from "aws-cdk-lib/aws-events-targets";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { Construct } from "constructs";
import { deadLetterQueues, deadLettersOf, messageQueues } from "../../shared/dead-letters/catalogue.ts";
import { IN_REVIEW } from "../../shared/orders/queues.ts";
import { BY_CHANNEL } from "../../shared/orders/table.ts";
import { UNFINISHED } from "../../shared/orders/unfinished.ts";
import { type Config, nameOf } from "../config.ts";
import { Api } from "../constructs/api.ts";
import { DeadLetters } from "../constructs/dead-letters.ts";
import { followOrders } from "../constructs/order-stream.ts";
import { QueueConsumer } from "../constructs/queue-consumer.ts";
import { SealingPolicy } from "../constructs/sealing-policy.ts";
import { ServiceFunction } from "../constructs/service-function.ts";
import { type Environment, type FunctionName, functionSpecs, specOf } from "../functions.ts";
import { whoMay } from "../grants.ts";
import type { Arns } from "../statements.ts";
import { FulfilmentWorkflow, workflowNameOf } from "../workflows/fulfilment.ts";
import { bucketNameOf, type DataStack } from "./data.ts";

export interface ServiceStackProps extends StackProps {
  readonly config: Config;
  readonly data: DataStack;
}

/** All that computes: functions, the API before them, the queues, streams, schedules and the workflow between them. */
export class ServiceStack extends Stack {
  readonly apiId: string;
  private readonly config: Config;
  private readonly data: DataStack;
  private readonly callbacks: QueueConsumer;
  private readonly watch: QueueConsumer;
  private readonly sync: QueueConsumer;
  private readonly imports: QueueConsumer;
  private readonly events: EventBus;
  private readonly functions: Readonly<Record<FunctionName, ServiceFunction>>;

  constructor(scope: Construct, id: string, { config, data, ...props }: ServiceStackProps) {
    super(scope, id, props);
    this.config = config;
    this.data = data;

    this.callbacks = new QueueConsumer(this, "Callbacks", {
      name: "callbacks",
      consumer: "processCallback",
      config,
      maxConcurrency: 20,
    });
    this.watch = new QueueConsumer(this, "Watch", {
      name: "watch",
      consumer: "watchOrder",
      config,
      maxConcurrency: 20,
    });
    this.sync = new QueueConsumer(this, "Sync", {
      name: "sync",
      consumer: "syncSupplier",
      config,
      maxConcurrency: 5,
      batchSize: 1,
    });
    this.imports = new QueueConsumer(this, "Imports", {
      name: "imports",
      consumer: "runImport",
      config,
      maxConcurrency: 5,
      batchSize: 1,
    });
    // What happened, for whoever wants to know: rules on this bus choose by detail type.
    this.events = new EventBus(this, "Events", { eventBusName: nameOf(config, "events") });
    this.functions = this.allFunctions();

    this.callbacks.consumedBy(this.functions.processCallback);
    this.watch.consumedBy(this.functions.watchOrder);
    this.sync.consumedBy(this.functions.syncSupplier);
    this.imports.consumedBy(this.functions.runImport);
    for (const name of ["startFulfilment", "settleMoney"] as const) {
      const consumer = this.functions[name];
      followOrders(consumer, data.orders, this.deadLettersOf(name));
    }
    for (const name of ["sweepStock", "settleAccounts", "restock", "expireOrders", "careForOrders"] as const)
      this.every(Duration.minutes(1), name);
    this.every(Duration.minutes(15), "scheduleSyncs");
    this.every(Duration.minutes(15), "sweepUploads");
    this.workflow();
    this.apiId = new Api(this, "Api", { config, functions: this.functions }).httpApi.apiId;
    new SealingPolicy(this, "Sealing", { config, apiId: this.apiId, codesKeyArn: data.codesKey.keyArn });
    this.outputs();
  }

  private allFunctions(): Record<FunctionName, ServiceFunction> {
    const { config } = this;
    const shared = { config, env: this.given(), arns: this.arns() };
    const functions = functionSpecs.map(({ name }) => {
      const reservedConcurrency = this.reservedFor(name);
      return [name, new ServiceFunction(this, { ...shared, name, reservedConcurrency })];
    });
    return Object.fromEntries(functions) as Record<FunctionName, ServiceFunction>;
  }

  /** With none reserved, a function does not run: its callers are turned away, its messages wait. */
  private reservedFor(name: FunctionName): number | undefined {
    const { salesClosed, reservedForSales } = this.config;
    if (salesClosed && movesStock.has(name)) return 0;
    return name === "placeOrder" ? reservedForSales : undefined;
  }

  private given(): Environment {
    const { data, callbacks, watch, sync, imports, events, config } = this;
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
      CALLBACK_QUEUE_URL: callbacks.queue.queueUrl,
      WATCH_QUEUE_URL: watch.queue.queueUrl,
      SYNC_QUEUE_URL: sync.queue.queueUrl,
      IMPORT_QUEUE_URL: imports.queue.queueUrl,
      UPLOAD_BUCKET: bucketNameOf(this, config, "uploads"),
      GOODS_BUCKET: bucketNameOf(this, config, "goods"),
      SALES_LOG: bucketNameOf(this, config, "sales-log"),
      QUEUE_PREFIX: nameOf(config, ""),
      EVENT_BUS: events.eventBusName,
      WATCH_SECONDS: config.watchAfter.toSeconds(),
      WORKFLOW_ARN: this.workflowArn(),
      SECRETS_PREFIX: this.secretsPrefix(),
    };
  }

  private arns(): Arns {
    const { data, callbacks, watch, sync, imports, events } = this;
    return {
      ordersTable: data.orders.tableArn,
      byChannelIndex: `${data.orders.tableArn}/index/${BY_CHANNEL}`,
      inReviewIndex: `${data.orders.tableArn}/index/${IN_REVIEW}`,
      unfinishedIndex: `${data.orders.tableArn}/index/${UNFINISHED}`,
      inventoryTable: data.inventory.tableArn,
      identityTable: data.identity.tableArn,
      catalogTable: data.catalog.tableArn,
      operationsTable: data.operations.tableArn,
      platformTable: data.platform.tableArn,
      ledgerTable: data.ledger.tableArn,
      auditTable: data.audit.tableArn,
      codesKey: data.codesKey.keyArn,
      personalKey: data.personalKey.keyArn,
      fingerprintKey: data.fingerprintKey.keyArn,
      generationKey: data.generationKey.keyArn,
      recognitionKey: data.recognitionKey.keyArn,
      callbackQueue: callbacks.queue.queueArn,
      watchQueue: watch.queue.queueArn,
      syncQueue: sync.queue.queueArn,
      importQueue: imports.queue.queueArn,
      uploads: this.filesIn("uploads"),
      goodsFiles: this.filesIn("goods"),
      salesLog: this.filesIn("sales-log"),
      salesLogNames: this.bucketArn("sales-log"),
      uploadNames: this.bucketArn("uploads"),
      deadLetters: deadLetterQueues.map((queue) => this.queueArn(deadLettersOf(queue))),
      deadLetterSources: messageQueues.map((queue) => this.queueArn(queue)),
      eventBus: events.eventBusArn,
      workflow: this.workflowArn(),
      executions: this.statesArn("execution", `${workflowNameOf(this.config)}:*`),
      // A token belongs to its workflow. The local engine asks for permission on everything instead.
      taskTokens: this.config.onLocalEngine ? "*" : this.workflowArn(),
      secrets: this.formatArn({
        service: "ssm",
        resource: "parameter",
        resourceName: `${this.secretsPrefix().slice(1)}*`,
      }),
    };
  }

  private filesIn(bucket: Parameters<typeof bucketNameOf>[2]): string {
    return `${this.bucketArn(bucket)}/*`;
  }

  private bucketArn(bucket: Parameters<typeof bucketNameOf>[2]): string {
    return `arn:${this.partition}:s3:::${bucketNameOf(this, this.config, bucket)}`;
  }

  /** From its name: those of consumers are made after the functions that may read them. */
  private queueArn(queue: string): string {
    return this.formatArn({ service: "sqs", resource: nameOf(this.config, queue) });
  }

  private secretsPrefix(): string {
    return `/vouchsafe/${this.config.env}/suppliers/`;
  }

  /** From its name, because its functions need it before the workflow can have them. */
  private workflowArn(): string {
    return this.statesArn("stateMachine", workflowNameOf(this.config));
  }

  private statesArn(resource: string, resourceName: string): string {
    return this.formatArn({ service: "states", resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }

  private deadLettersOf(name: FunctionName): DeadLetters {
    const of = functionSpecs.find((spec) => spec.name === name)?.kebabName ?? name;
    return new DeadLetters(this, `${name}DeadLetters`, { of, config: this.config });
  }

  /**
   * No retries, for the next time is one: not by the rule, and not by Lambda, which would try a failed call twice more, and a
   * throttled one for six hours.
   */
  private every(interval: Duration, name: FunctionName): void {
    this.functions[name].configureAsyncInvoke({ retryAttempts: 0, maxEventAge: SHORTEST_EVENT_AGE });
    new Rule(this, `${name}Schedule`, {
      ruleName: nameOf(this.config, name),
      schedule: Schedule.rate(interval),
      targets: [new Target(this.functions[name], { retryAttempts: 0 })],
    });
  }

  /** The workflow, and the rule that puts an order whose run failed before a person. */
  private workflow(): void {
    const { planOrder, placeLine, askSupplier, awaitWakeUp, noteFailedRun } = this.functions;
    new FulfilmentWorkflow(this, "Fulfilment", {
      config: this.config,
      steps: {
        planOrder: planOrder.functionArn,
        placeLine: placeLine.functionArn,
        askSupplier: askSupplier.functionArn,
        awaitWakeUp: awaitWakeUp.functionArn,
      },
    });
    const deadLetters = this.deadLettersOf("noteFailedRun");
    // The rule's own dead letters hold what never reached the function; these, what the function could not do.
    noteFailedRun.configureAsyncInvoke({ onFailure: new SqsDestination(deadLetters), retryAttempts: 2 });
    new Rule(this, "FailedRuns", {
      ruleName: nameOf(this.config, "failed-runs"),
      eventPattern: {
        source: ["aws.states"],
        detailType: ["Step Functions Execution Status Change"],
        detail: { status: ["FAILED", "TIMED_OUT", "ABORTED"], stateMachineArn: [this.workflowArn()] },
      },
      targets: [new Target(noteFailedRun, { deadLetterQueue: deadLetters })],
    });
  }

  private outputs(): void {
    const outputs = {
      CallbackQueue: this.callbacks.queue.queueUrl,
      CallbackDeadLetters: this.callbacks.deadLetters.queueUrl,
      ImportQueue: this.imports.queue.queueUrl,
      SyncQueue: this.sync.queue.queueUrl,
      WatchQueue: this.watch.queue.queueUrl,
      WatchDeadLetters: this.watch.deadLetters.queueUrl,
      EventBus: this.events.eventBusName,
      WorkflowArn: this.workflowArn(),
    };
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(this, `${name}Output`, { value }).overrideLogicalId(name);
    }
  }
}

/** Lambda takes no shorter one. */
const SHORTEST_EVENT_AGE = Duration.minutes(1);

/**
 * Whoever takes codes from stock, brings them back, or leaves bought goods there: the next moment it may be another table. What
 * operators do to stock itself goes on, for that is how it is made true again; a decision about an order does not.
 */
const movesStock = new Set(
  [...whoMay("inventoryTable", "UpdateItem"), ...whoMay("inventoryTable", "PutItem")].filter(
    (name) => specOf(name).audience !== "operator" || whoMay("ordersTable", "UpdateItem").includes(name),
  ),
);
