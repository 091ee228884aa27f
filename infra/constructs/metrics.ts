import { Duration, Stack } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { type Config, nameOf } from "../config.ts";

type Statistic = "Sum" | "Maximum" | "p50" | "p99";

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

  ofSale(statistic: "p50" | "p99"): Metric {
    return this.ofFunction("Duration", "place-order", statistic);
  }

  ofQueue(metricName: string, name: string): Metric {
    return metricOf("SQS", metricName, { QueueName: nameOf(this.config, name) }, "Maximum");
  }

  ofApi(metricName: string): Metric {
    return metricOf("ApiGateway", metricName, { ApiId: this.apiId });
  }

  /** The workflow's metrics go by its ARN. */
  ofWorkflow(metricName: string): Metric {
    const { partition, region, account } = Stack.of(this.scope);
    const arn = `arn:${partition}:states:${region}:${account}:stateMachine:${nameOf(this.config, "fulfilment")}`;
    return metricOf("States", metricName, { StateMachineArn: arn });
  }
}

/** A metric of AWS's own: of all there is in the account, if no dimension says whose. */
export function metricOf(
  namespace: string,
  metricName: string,
  dimensionsMap: Record<string, string>,
  statistic: Statistic = "Sum",
): Metric {
  return new Metric({
    namespace: `AWS/${namespace}`,
    metricName,
    dimensionsMap,
    statistic,
    period: Duration.minutes(1),
  });
}

/** What our functions count and measure themselves, in their logs. */
export function ownMetric(metricName: string, statistic: "Sum" | "p50" | "p99" = "Sum"): Metric {
  const dimensionsMap = { service: "vouchsafe" };
  return new Metric({ namespace: "Vouchsafe", metricName, dimensionsMap, statistic, period: Duration.minutes(1) });
}
