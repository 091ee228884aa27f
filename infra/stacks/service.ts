import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { EventBus, Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as Target } from "aws-cdk-lib/aws-events-targets";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { movesStock } from "../../functions/runtime/closed-sales.ts";
import { type Variable } from "../../functions/runtime/env.ts";
import type { Jobs, Worker } from "../../functions/runtime/worker.ts";
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
import { type FunctionName, functionSpecs, specOf, type WorkerName } from "../functions.ts";
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
  private readonly queues = new Map<string, QueueConsumer>();
  private readonly events: EventBus;
  private readonly functions: Readonly<Record<FunctionName, ServiceFunction>>;

  constructor(scope: Construct, id: string, { config, data, ...props }: ServiceStackProps) {
    super(scope, id, props);
    this.config = config;
    this.data = data;

    for (const { name, worker } of functionSpecs)
      if (worker?.trigger === "queue") this.queues.set(worker.queue, this.queueFor(name, worker));
    // What happened, for whoever wants to know: rules on this bus choose by detail type.
    this.events = new EventBus(this, "Events", { eventBusName: nameOf(config, "events") });
    this.functions = this.allFunctions();
    for (const { name, worker } of functionSpecs) if (worker !== undefined) this.trigger(name as WorkerName, worker);
    this.workflow();
    this.apiId = new Api(this, "Api", { config, functions: this.functions }).httpApi.apiId;
    new SealingPolicy(this, "Sealing", { config, apiId: this.apiId, codesKeyArn: data.codesKey.keyArn });
    this.outputs();
  }

  private queueFor(consumer: FunctionName, { queue: name, ...how }: Worker & { trigger: "queue" }): QueueConsumer {
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    return new QueueConsumer(this, id, { name, consumer, config: this.config, ...how });
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

  /** With none reserved, a function does not run: its messages wait. */
  private reservedFor(name: FunctionName): number | undefined {
    const { salesClosed, reservedForSales } = this.config;
    const { needs, worker } = specOf(name);
    // What is called over HTTP, and what does several jobs, knows itself which of its work is closed.
    if (salesClosed && worker !== undefined && worker.trigger !== "schedule" && movesStock(needs)) return 0;
    return name === "placeOrder" ? reservedForSales : undefined;
  }

  private given(): Record<Variable, string> {
    const { data, events, config } = this;
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
      CALLBACK_QUEUE_URL: this.queue("callbacks").queueUrl,
      WATCH_QUEUE_URL: this.queue("watch").queueUrl,
      SYNC_QUEUE_URL: this.queue("sync").queueUrl,
      IMPORT_QUEUE_URL: this.queue("imports").queueUrl,
      UPLOAD_BUCKET: bucketNameOf(this, config, "uploads"),
      GOODS_BUCKET: bucketNameOf(this, config, "goods"),
      SALES_LOG: bucketNameOf(this, config, "sales-log"),
      QUEUE_PREFIX: nameOf(config, ""),
      EVENT_BUS: events.eventBusName,
      WORKFLOW_ARN: this.workflowArn(),
      SECRETS_PREFIX: this.secretsPrefix(),
    };
  }

  private arns(): Arns {
    const { data, events } = this;
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
      callbackQueue: this.queue("callbacks").queueArn,
      watchQueue: this.queue("watch").queueArn,
      syncQueue: this.queue("sync").queueArn,
      importQueue: this.queue("imports").queueArn,
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

  private consumer(queue: string): QueueConsumer {
    const found = this.queues.get(queue);
    if (found === undefined) throw new Error(`no worker reads the queue ${queue}`);
    return found;
  }

  private queue(name: string): Queue {
    return this.consumer(name).queue;
  }

  private deadLettersOf(name: FunctionName): DeadLetters {
    return new DeadLetters(this, `${name}DeadLetters`, { of: specOf(name).kebabName, config: this.config });
  }

  /** What starts a worker. The workflow's tasks and the rule of failed runs are made with the workflow. */
  private trigger(name: WorkerName, worker: Worker): void {
    const consumer = this.functions[name];
    if (worker.trigger === "queue") this.consumer(worker.queue).consumedBy(consumer);
    if (worker.trigger === "stream") followOrders(consumer, this.data.orders, this.deadLettersOf(name));
    if (worker.trigger === "schedule") this.schedule(name, worker.jobs);
  }

  /**
   * No retries, for the next time is one: not by the rule, and not by Lambda, which would try a failed call twice more, and a
   * throttled one for six hours.
   */
  private schedule(name: WorkerName, jobs: Jobs): void {
    this.functions[name].configureAsyncInvoke({ retryAttempts: 0, maxEventAge: SHORTEST_EVENT_AGE });
    for (const [job, { everyMinutes }] of Object.entries(jobs))
      new Rule(this, `${job}Schedule`, {
        ruleName: nameOf(this.config, job),
        schedule: Schedule.rate(Duration.minutes(everyMinutes)),
        targets: [new Target(this.functions[name], { retryAttempts: 0, event: RuleTargetInput.fromObject({ job }) })],
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
      CallbackQueue: this.queue("callbacks").queueUrl,
      CallbackDeadLetters: this.consumer("callbacks").deadLetters.queueUrl,
      ImportQueue: this.queue("imports").queueUrl,
      SyncQueue: this.queue("sync").queueUrl,
      WatchQueue: this.queue("watch").queueUrl,
      WatchDeadLetters: this.consumer("watch").deadLetters.queueUrl,
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
