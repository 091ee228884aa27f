import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { propertiesOf, synthesize } from "../../support/infra/templates.ts";
import { type AlarmProperties, metricsOf } from "../../support/observability/cloudwatch.ts";

const { observability } = synthesize({ env: "prod" });
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
