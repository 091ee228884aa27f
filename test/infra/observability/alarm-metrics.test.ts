import { globSync, readFileSync } from "node:fs";
import { App, Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { expect, test } from "vitest";
import { propertiesOf, synthesize } from "../../support/infra/templates.ts";
import { type AlarmProperties, metricsOf, resolved } from "../../support/observability/cloudwatch.ts";

const { service, observability } = synthesize({ env: "prod" });
const alarms = propertiesOf(observability, "AWS::CloudWatch::Alarm") as unknown as AlarmProperties[];

test("whatever our alarms and our dashboard look at is counted or measured by some function", () => {
  const sources = globSync("functions/**/*.ts")
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const counted = new Set(
    [...sources.matchAll(/\b(?:count|measure|addMetric)\((?:[^()]*?)"(\w+)"\s*[,)]/g)].map(([, name]) => name),
  );
  const own = alarms
    .flatMap(metricsOf)
    .flatMap(({ Metric }) => (Metric.Namespace === "Vouchsafe" ? Metric.MetricName : []));
  expect(own.filter((name) => !counted.has(name))).toEqual([]);
});

test("what AWS publishes is looked for where AWS publishes it, and about things that are deployed", () => {
  const stack = new Stack(new App(), "Any", { env: { account: "111122223333", region: "eu-central-1" } });
  const lambda = LambdaFunction.fromFunctionName(stack, "F", "f");
  const queue = new Queue(stack, "Q");
  const machine = StateMachine.fromStateMachineName(stack, "M", "m");
  const api = HttpApi.fromHttpApiAttributes(stack, "A", { httpApiId: "a" });
  // By the library that AWS wrote, which knows its own metrics.
  const documented = [
    ...["Errors", "Invocations", "Throttles", "IteratorAge"].map((name) => lambda.metric(name)),
    ...["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"].map((name) => queue.metric(name)),
    machine.metricFailed(),
    machine.metricTimedOut(),
    machine.metricAborted(),
    api.metricCount(),
    api.metricServerError(),
  ].map(({ namespace, metricName, dimensions = {} }) => `${namespace} ${metricName} ${Object.keys(dimensions).join()}`);
  const published = new Set([...documented, "AWS/Lambda Throttles "]);
  const looked = alarms.flatMap(metricsOf).filter(({ Metric }) => Metric.Namespace.startsWith("AWS/"));
  const shapes = looked.map(
    ({ Metric: { Namespace, MetricName, Dimensions = [] } }) =>
      `${Namespace} ${MetricName} ${Dimensions.map(({ Name }) => Name).join()}`,
  );
  expect(shapes.filter((shape) => !published.has(shape))).toEqual([]);
  const deployed = new Set([
    ...propertiesOf(service, "AWS::Lambda::Function").map(({ FunctionName }) => String(FunctionName)),
    ...propertiesOf(service, "AWS::SQS::Queue").map(({ QueueName }) => String(QueueName)),
    ...propertiesOf(service, "AWS::StepFunctions::StateMachine").map(
      ({ StateMachineName }) => `arn:aws:states:eu-central-1:111122223333:stateMachine:${String(StateMachineName)}`,
    ),
    // The API's id is known to its stack only: whatever the alarms name is it, if the service stack exports just that.
    ...looked
      .filter(({ Metric }) => Metric.Namespace === "AWS/ApiGateway")
      .flatMap(({ Metric: { Dimensions = [] } }) => Dimensions.map(({ Value }) => resolved(Value)))
      .slice(0, 1),
  ]);
  const named = looked.flatMap(({ Metric: { Dimensions = [] } }) => Dimensions.map(({ Value }) => resolved(Value)));
  expect(named.filter((name) => !deployed.has(name))).toEqual([]);
});
