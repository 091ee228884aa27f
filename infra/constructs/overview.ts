import { Dashboard, GraphWidget, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { type Config, nameOf } from "../config.ts";
import { functionSpecs } from "../functions.ts";
import type { Metrics } from "./metrics.ts";

export interface OverviewProps {
  readonly config: Config;
  readonly metrics: Metrics;
  /** The names of the queues that somebody reads, and of those where dead letters lie. */
  readonly queues: readonly string[];
  readonly deadLetters: readonly string[];
}

const row = (title: string, left: IMetric[], right: IMetric[] = []): GraphWidget =>
  new GraphWidget({ title, left, right, width: 12 });

/** Makes the dashboard that shows whether sales, fulfilment and what follows them are well. */
export function overview(scope: Construct, { config, metrics, queues, deadLetters }: OverviewProps): Dashboard {
  return new Dashboard(scope, "Dashboard", {
    dashboardName: nameOf(config, "overview"),
    widgets: [
      [
        row("Calls of the API", [metrics.ofApi("Count")], [metrics.ofApi("4xx"), metrics.ofApi("5xx")]),
        row("A sale, milliseconds", [metrics.ofSale("p50"), metrics.ofSale("p99")]),
      ],
      [
        row(
          "Fulfilment",
          [metrics.ofWorkflow("ExecutionsStarted"), metrics.ofWorkflow("ExecutionsSucceeded")],
          [metrics.ofWorkflow("ExecutionsFailed")],
        ),
        row(
          "Dead letters",
          deadLetters.map((name) => metrics.ofQueue("ApproximateNumberOfMessagesVisible", name)),
        ),
      ],
      [
        row("From payment to delivery by suppliers, seconds", [
          metrics.own("PaidToDelivered", { statistic: "p50" }),
          metrics.own("PaidToDelivered", { statistic: "p99" }),
        ]),
        row("Late orders and sick suppliers", [metrics.own("OrderOverdue"), metrics.own("SupplierSick")]),
      ],
      [
        row(
          "Oldest message, seconds",
          queues.map((name) => metrics.ofQueue("ApproximateAgeOfOldestMessage", name)),
        ),
        row(
          "Errors of functions",
          functionSpecs.map(({ kebabName }) => metrics.ofFunction("Errors", kebabName)),
          // What they answered for instead of failing.
          functionSpecs.map(({ kebabName }) => metrics.own("Failures", { of: kebabName })),
        ),
      ],
    ],
  });
}
