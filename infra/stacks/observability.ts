import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { deadLettersOf } from "../../shared/dead-letters/catalogue.ts";
import type { Config } from "../config.ts";
import { Alarms } from "../constructs/alarms.ts";
import { alarmTopicNameOf, keyWatchNameOf } from "../constructs/key-watch.ts";
import { linkAlarms } from "../constructs/link-alarms.ts";
import { messageAlarms } from "../constructs/message-alarms.ts";
import { Metrics, metricOf } from "../constructs/metrics.ts";
import { overview } from "../constructs/overview.ts";
import { paymentAlarms } from "../constructs/payment-alarms.ts";
import { meaningOfDeadLetters, minutes, queues } from "../constructs/queue-meanings.ts";
import { supplierAlarms } from "../constructs/supplier-alarms.ts";
import { explain } from "../explained.ts";
import { functionSpecs, type Room } from "../functions.ts";

export interface ObservabilityStackProps extends StackProps {
  readonly config: Config;
  readonly apiId: string;
}

/** What it means to people when functions fail that somebody calls. Workers say it themselves. */
const meaningOfErrors: Record<Exclude<Room, "workers">, string> = {
  storefront: "Storefronts get errors: buyers may be turned away, though a retry with the same key is safe.",
  buyer:
    "Buyers don't see what they have paid for: their pages answer with errors. Nothing is lost; the goods are still theirs.",
  developer: "Developers can't read the documentation. Nothing that is sold depends on it.",
  supplier: "Suppliers' news is not taken: their orders wait until we ask, or until they call again.",
  payment: "Payment providers' news is not taken: what buyers have paid reaches their orders late, when we ask.",
  operator: "Operators can't do their work: stock is not imported, reviews are not decided.",
};

/** Alarms that reach a person, and one page that shows how things are. */
export class ObservabilityStack extends Stack {
  private readonly config: Config;
  private readonly topic: Topic;
  private readonly alarms: Alarms;
  private readonly metrics: Metrics;

  constructor(scope: Construct, id: string, { config, apiId, ...props }: ObservabilityStackProps) {
    super(scope, id, props);
    this.config = config;
    this.topic = this.alarmTopic();
    this.alarms = new Alarms(this, "Alarms", { config, topic: this.topic });
    this.metrics = new Metrics(this, config, apiId);

    this.functionAlarms();
    this.queueAlarms();
    this.workflowAlarms();
    this.fulfilmentAlarms();
    supplierAlarms(this.alarms, this.metrics);
    paymentAlarms(this.alarms, this.metrics);
    linkAlarms(this.alarms, this.metrics);
    messageAlarms(this.alarms, this.metrics);
    this.apiAlarms();
    this.eventAlarms();
    this.webhookAlarms();
    this.reviewAlarms();
    overview(this, {
      config,
      metrics: this.metrics,
      queues: Object.keys(queues),
      deadLetters: Object.keys(meaningOfDeadLetters).map(deadLettersOf),
    });
  }

  private alarmTopic(): Topic {
    const topic = new Topic(this, "AlarmTopic", {
      topicName: alarmTopicNameOf(this.config),
      enforceSSL: !this.config.onLocalEngine,
    });
    // A policy of its own replaces the topic's default, which would let alarms in.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsOfThisAccount",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": this.account } },
      }),
    );
    // The rule is in the stack of the keys.
    const keyWatch = this.formatArn({ service: "events", resource: "rule", resourceName: keyWatchNameOf(this.config) });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "KeyWatchOfThisEnvironment",
        principals: [new ServicePrincipal("events.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { ArnEquals: { "aws:SourceArn": keyWatch } },
      }),
    );
    const { alarmEmail } = this.config;
    if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
    if (this.config.onLocalEngine)
      explain(topic, "AwsSolutions-SNS3", "The local engine has no encrypted connections.");
    return topic;
  }

  private functionAlarms(): void {
    for (const { kebabName, room, worker } of functionSpecs) {
      this.alarms.add({
        name: `${kebabName}-errors`,
        means: worker?.failing ?? meaningOfErrors[room as keyof typeof meaningOfErrors],
        runbook: "function-errors",
        // One is enough: what heals by itself is answered as busy, and not counted.
        metric: this.metrics.failuresOf(kebabName),
        above: 0,
      });
    }
    this.alarms.add({
      name: "throttled-functions",
      means: "Lambda turns calls away, ours or another service's in this account: buyers wait or see errors.",
      runbook: "throttled-functions",
      metric: metricOf("Lambda", "Throttles", {}),
      above: 0,
      periods: 3,
    });
    for (const name of ["start-fulfilment", "settle-money"]) {
      this.alarms.add({
        name: `${name}-late`,
        means: "News of orders is more than a minute old: fulfilment starts late, or money stays unbooked.",
        runbook: "late-stream",
        metric: this.metrics.ofFunction("IteratorAge", name, "Maximum"),
        above: 60_000,
        periods: 3,
      });
    }
  }

  private queueAlarms(): void {
    for (const [of, means] of Object.entries(meaningOfDeadLetters)) {
      const name = deadLettersOf(of);
      const metric = this.metrics.ofQueue("ApproximateNumberOfMessagesVisible", name);
      this.alarms.add({ name, means, runbook: "dead-letters", metric, above: 0 });
    }
    for (const [name, { late, after }] of Object.entries(queues)) {
      this.alarms.add({
        name: `${name}-old`,
        means: late,
        runbook: "old-messages",
        metric: this.metrics.ofQueue("ApproximateAgeOfOldestMessage", name),
        above: after,
        periods: 3,
      });
    }
  }

  private workflowAlarms(): void {
    for (const [ending, metricName] of Object.entries({
      failed: "ExecutionsFailed",
      "timed-out": "ExecutionsTimedOut",
      aborted: "ExecutionsAborted",
    })) {
      this.alarms.add({
        name: `runs-${ending}`,
        means: "An order's fulfilment stopped where it stood: its buyer waits, and it is in the review queue.",
        runbook: "failed-runs",
        metric: this.metrics.ofWorkflow(metricName),
        above: 0,
      });
    }
  }

  private fulfilmentAlarms(): void {
    this.alarms.add({
      name: "orders-overdue",
      means: "Paid orders were not delivered in the time that was promised: their buyers wait.",
      runbook: "late-orders",
      metric: this.metrics.own("OrderOverdue"),
      above: 0,
    });
    this.alarms.add({
      name: "orders-forgotten",
      means:
        "Paid orders were found that nobody looked after: they are looked after now, but their buyers have waited.",
      runbook: "forgotten-orders",
      metric: this.metrics.own("OrderForgotten"),
      above: 0,
    });
  }

  private eventAlarms(): void {
    this.alarms.add({
      name: "events-passed",
      means:
        "A consumer of events went on without some that did not come or failed: what it does with them is missing.",
      runbook: "passed-events",
      metric: this.metrics.own("EventsPassed"),
      above: 0,
    });
  }

  private webhookAlarms(): void {
    this.alarms.add({
      name: "webhooks-disabled",
      means: "A channel's endpoint took no webhook for three days and gets none any more: its owner may not know.",
      runbook: "disabled-webhooks",
      metric: this.metrics.own("WebhookDisabled"),
      above: 0,
    });
    this.alarms.add({
      name: "webhooks-late",
      means:
        "Webhooks that are due are not sent, though their endpoints are not at rest: channels don't know what happens.",
      runbook: "late-webhooks",
      metric: this.metrics.own("WebhooksLateSeconds", { statistic: "Maximum" }),
      above: minutes(10),
      periods: 3,
    });
  }

  private apiAlarms(): void {
    const fewMinutes = Duration.minutes(5);
    this.alarms.add({
      name: "server-errors",
      means: "More than one call in twenty is answered 5xx: sales may fail, though a retry with the same key is safe.",
      runbook: "server-errors",
      metric: this.metrics.errorShareOfApi(fewMinutes),
      above: 5,
    });
    this.alarms.add({
      name: "sales-failing",
      means: "More than one order in twenty fails for a reason of ours: buyers are turned away.",
      runbook: "server-errors",
      metric: this.metrics.failingShareOf("place-order", fewMinutes),
      above: 5,
    });
  }

  private reviewAlarms(): void {
    this.alarms.add({
      name: "review-undecided",
      means: "Nobody decided about an order in time: the rule gave money back, or could not and a buyer still waits.",
      runbook: "orders-in-review",
      metric: this.metrics.own("ReviewUndecided"),
      above: 0,
    });
    const lately = Duration.minutes(5);
    this.alarms.add({
      name: "reviews-old",
      means: "An order has been before a person for more than a day: its buyer has paid, and has nothing.",
      runbook: "orders-in-review",
      metric: this.metrics.own("OldestReviewSeconds", { statistic: "Maximum", period: lately }),
      above: Duration.days(1).toSeconds(),
    });
    this.alarms.add({
      name: "reviews-many",
      means: "Many orders are before a person: a supplier fails for all of them, or nobody works through the queue.",
      runbook: "orders-in-review",
      metric: this.metrics.own("OrdersInReview", { statistic: "Maximum", period: lately }),
      above: 50,
    });
  }
}
