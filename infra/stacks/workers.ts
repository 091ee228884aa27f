import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { EventBus, Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as Target } from "aws-cdk-lib/aws-events-targets";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Jobs, Worker } from "../../functions/runtime/worker.ts";
import { type Config, nameOf } from "../config.ts";
import { Api } from "../constructs/api.ts";
import { DeadLetters } from "../constructs/dead-letters.ts";
import { hearEvents, hearReachable } from "../constructs/event-consumer.ts";
import { MailBySes } from "../constructs/mail.ts";
import { followOrders } from "../constructs/order-stream.ts";
import { QueueConsumer } from "../constructs/queue-consumer.ts";
import { type Reach, reachOf, workflowArnOf } from "../constructs/reach.ts";
import { SealingPolicy } from "../constructs/sealing-policy.ts";
import { functionsOf, type ServiceFunction } from "../constructs/service-function.ts";
import { type FunctionName, functionSpecs, specOf, type WorkerName } from "../functions.ts";
import { FulfilmentWorkflow } from "../workflows/fulfilment.ts";
import type { DataStack } from "./data.ts";

export interface WorkersStackProps extends StackProps {
  readonly config: Config;
  readonly data: DataStack;
}

/**
 * The functions that nobody calls, with the queues, streams, schedules and the workflow that start them; and the API, to which other
 * stacks add their routes. It is deployed as `service`, as it was when it held everything: under another name it would make its
 * queues anew, and messages would be left in the old ones.
 */
export class WorkersStack extends Stack {
  readonly httpApi: HttpApi;
  readonly reach: Reach;
  private readonly config: Config;
  private readonly data: DataStack;
  private readonly queues = new Map<string, QueueConsumer>();
  private readonly events: EventBus;
  private readonly functions: Readonly<Record<WorkerName, ServiceFunction>>;

  constructor(scope: Construct, id: string, { config, data, ...props }: WorkersStackProps) {
    super(scope, id, props);
    this.config = config;
    this.data = data;

    for (const { name, worker } of functionSpecs)
      if (worker?.trigger === "queue" || worker?.trigger === "events")
        this.queues.set(worker.queue, this.queueFor(name, worker));
    // Tells others what has happened. Rules on this bus choose events by their detail type.
    this.events = new EventBus(this, "Events", { eventBusName: nameOf(config, "events") });
    const api = new Api(this, "Api", { config });
    this.httpApi = api.httpApi;
    this.reach = reachOf(this, { config, api, data, events: this.events, queue: (name) => this.queue(name) });
    this.functions = functionsOf(this, ["workers"], config, this.reach) as Record<WorkerName, ServiceFunction>;
    for (const { name, worker } of functionSpecs) if (worker !== undefined) this.trigger(name as WorkerName, worker);
    this.workflow();
    if (config.mailDomain !== undefined)
      new MailBySes(this, "Mail", { config, domain: config.mailDomain, by: this.consumer("send-messages") });
    const { apiId } = this.httpApi;
    new SealingPolicy(this, "Sealing", { config, apiId, codesKeyArn: data.codesKey.keyArn });
    this.outputs();
  }

  private queueFor(
    consumer: FunctionName,
    { queue: name, ...how }: Worker & { trigger: "queue" | "events" },
  ): QueueConsumer {
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    return new QueueConsumer(this, id, { name, consumer, config: this.config, ...how });
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
    if (worker.trigger === "queue") {
      const by = this.consumer(worker.queue);
      by.consumedBy(consumer);
      if (worker.hears !== undefined)
        hearReachable(this, { config: this.config, bus: this.events, types: worker.hears.types, by });
    }
    if (worker.trigger === "events") {
      this.consumer(worker.queue).consumedBy(consumer);
      hearEvents(this, { config: this.config, bus: this.events, of: worker.of, by: this.consumer(worker.queue) });
    }
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
        detail: { status: ["FAILED", "TIMED_OUT", "ABORTED"], stateMachineArn: [workflowArnOf(this, this.config)] },
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
      WorkflowArn: workflowArnOf(this, this.config),
    };
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(this, `${name}Output`, { value }).overrideLogicalId(name);
    }
  }
}

/** Lambda takes no shorter one. */
const SHORTEST_EVENT_AGE = Duration.minutes(1);
