import { Duration, Stack } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { type Config, nameOf } from "../config.ts";

type Statistic = "Sum" | "Maximum" | "p50" | "p99";
const MINUTE = Duration.minutes(1);

/** The metrics of our things by their names alone, so that no stack needs another's exports and can change without it. */
export class Metrics {
  private readonly scope: Construct;
  private readonly config: Config;
  private readonly apiId: string;

  constructor(scope: Construct, config: Config, apiId: string) {
    this.scope = scope;
    this.config = config;
    this.apiId = apiId;
  }

  ofFunction(metricName: string, kebabName: string, statistic?: Statistic): Metric {
    return metricOf("Lambda", metricName, { FunctionName: nameOf(this.config, kebabName) }, statistic);
  }

  /** Calls that ended with an error, and work that was answered for with one: Lambda counts only the first. */
  failuresOf(kebabName: string): IMetric {
    const errors = this.ofFunction("Errors", kebabName);
    const answered = this.own("Failures", { of: kebabName });
    return sumOf({ errors, answered });
  }

  /** How much of what a function was called for failed, in percent. */
  failingShareOf(kebabName: string, period: Duration): IMetric {
    const errors = this.ofFunction("Errors", kebabName);
    const answered = this.own("Failures", { of: kebabName });
    const calls = this.ofFunction("Invocations", kebabName);
    return shareOf(`FILL(errors, 0) + FILL(answered, 0)`, { errors, answered }, calls, period);
  }

  ofSale(statistic: "p50" | "p99"): Metric {
    return this.ofFunction("Duration", "place-order", statistic);
  }

  ofQueue(metricName: string, name: string): Metric {
    return metricOf("SQS", metricName, { QueueName: nameOf(this.config, name) }, "Maximum");
  }

  ofApi(metricName: string): Metric {
    return metricOf("ApiGateway", metricName, { ApiId: this.apiId });
  }

  /** How many of the API's calls it answered with 5xx, in percent. */
  errorShareOfApi(period: Duration): IMetric {
    return shareOf("FILL(errors, 0)", { errors: this.ofApi("5xx") }, this.ofApi("Count"), period);
  }

  /** The workflow's metrics go by its ARN. */
  ofWorkflow(metricName: string): Metric {
    const { partition, region, account } = Stack.of(this.scope);
    const arn = `arn:${partition}:states:${region}:${account}:stateMachine:${nameOf(this.config, "fulfilment")}`;
    return metricOf("States", metricName, { StateMachineArn: arn });
  }

  /** What our functions count and measure themselves, in their logs; `of`: by function. */
  own(
    metricName: string,
    { of, statistic = "Sum", period = MINUTE }: { of?: string; statistic?: Statistic; period?: Duration } = {},
  ): Metric {
    const whose = { service: "vouchsafe", environment: this.config.env };
    const dimensionsMap = of === undefined ? whose : { ...whose, function: of };
    return new Metric({ namespace: "Vouchsafe", metricName, dimensionsMap, statistic, period });
  }
}

/** Gives a metric that AWS itself publishes. Without dimensions it is about the whole account. */
export function metricOf(
  namespace: string,
  metricName: string,
  dimensionsMap: Record<string, string>,
  statistic: Statistic = "Sum",
): Metric {
  return new Metric({ namespace: `AWS/${namespace}`, metricName, dimensionsMap, statistic, period: MINUTE });
}

/** Adds metrics. One without a value at some time counts as 0 then. */
function sumOf(metrics: Record<string, IMetric>): IMetric {
  const expression = Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(" + ");
  return new MathExpression({ expression, usingMetrics: metrics, period: MINUTE, label: "failures" });
}

function shareOf(bad: string, metrics: Record<string, Metric>, calls: Metric, period: Duration): IMetric {
  const over = Object.entries({ ...metrics, calls }).map(([id, metric]) => [id, metric.with({ period })] as const);
  const usingMetrics = Object.fromEntries(over);
  return new MathExpression({ expression: `100 * (${bad}) / calls`, usingMetrics, period, label: "percent" });
}
