import { describe, expect, test } from "vitest";
import { functionSpecs } from "../../infra/functions.ts";
import { propertiesOf, type Resource, resourcesOf, synthesize } from "./support.ts";

describe.each(["dev", "prod"] as const)("in %s", (env) => {
  const { data, service, observability } = synthesize({ env });

  test("tables can't be deleted by mistake and can be restored to any second", () => {
    const tables = resourcesOf(data, "AWS::DynamoDB::GlobalTable");
    expect(tables).toHaveLength(5);
    for (const [, { Properties, DeletionPolicy }] of tables) {
      expect(DeletionPolicy).toBe("Retain");
      expect(Properties["Replicas"]).toEqual([
        expect.objectContaining({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: expect.objectContaining({ PointInTimeRecoveryEnabled: true }),
        }),
      ]);
    }
  });

  test("keys outlive their stack, and those that can rotate do", () => {
    const keys = resourcesOf(data, "AWS::KMS::Key");
    expect(new Set(keys.map(([, { DeletionPolicy }]) => DeletionPolicy))).toEqual(new Set(["Retain"]));
    for (const [, { Properties }] of keys) {
      expect(Properties["EnableKeyRotation"] ?? false).toBe(Properties["KeySpec"] === undefined);
      expect(Properties["MultiRegion"] ?? false).toBe(env === "prod");
    }
  });

  test("logs end some day, all of them", () => {
    const groups = propertiesOf(service, "AWS::Logs::LogGroup");
    for (const group of groups) expect(group["RetentionInDays"]).toBeGreaterThanOrEqual(30);
    const names = groups.map((group) => group["LogGroupName"]);
    for (const { kebabName } of functionSpecs) expect(names).toContain(`/aws/lambda/vouchsafe-${env}-${kebabName}`);
  });

  test("every queue has dead letters, and every dead letter an alarm that says what it means", () => {
    const queues = propertiesOf(service, "AWS::SQS::Queue").map((queue) => ({
      ...queue,
      name: String(queue["QueueName"]),
    }));
    const deadLetters = queues.filter(({ name }) => name.endsWith("-dead-letters"));
    const others = queues.filter((it) => !deadLetters.includes(it));
    expect(others).toHaveLength(4);
    for (const queue of others) expect(queue).toHaveProperty("RedrivePolicy.maxReceiveCount", 5);

    const alarms = propertiesOf(observability, "AWS::CloudWatch::Alarm").map((it) => JSON.stringify(it));
    const watched = deadLetters
      .map(({ name }) => name)
      .filter((name) => alarms.some((it) => it.includes(`"Value":"${name}"`)));
    expect(deadLetters).toHaveLength(7);
    expect(watched).toEqual(deadLetters.map(({ name }) => name));
  });

  test("whoever follows the orders sets aside what it can't process", () => {
    const streams = propertiesOf(service, "AWS::Lambda::EventSourceMapping").filter((it) => "StartingPosition" in it);
    expect(streams).toHaveLength(2);
    for (const stream of streams) {
      expect(stream).toMatchObject({
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 10,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
        FilterCriteria: { Filters: [{ Pattern: expect.stringContaining('"order"') }] },
      });
    }
  });
});

test("on the local engine nothing is left behind", () => {
  const { all } = synthesize({ env: "local" });
  const resources = all.flatMap((template) =>
    Object.values(template.toJSON()["Resources"] as Record<string, Resource>),
  );
  expect(resources.filter(({ DeletionPolicy }) => DeletionPolicy === "Retain")).toEqual([]);
});

test("sales have concurrency of their own in production", () => {
  const { service } = synthesize({ env: "prod" });
  const reserved = propertiesOf(service, "AWS::Lambda::Function").filter((it) => "ReservedConcurrentExecutions" in it);
  expect(reserved.map((it) => it["FunctionName"])).toEqual(["vouchsafe-prod-place-order"]);
});

test("with sales closed nothing runs that sells codes, brings them back or stores them, but for what operators do to stock itself", () => {
  const { service } = synthesize({ env: "prod", sales: "closed" });
  const closed = propertiesOf(service, "AWS::Lambda::Function").filter(
    (it) => it["ReservedConcurrentExecutions"] === 0,
  );
  expect(closed.map((it) => String(it["FunctionName"]).replace("vouchsafe-prod-", "")).toSorted()).toEqual([
    "ask-supplier",
    "cancel-order",
    "decide-review",
    "decide-reviews",
    "expire-orders",
    "pay-order",
    "place-line",
    "place-order",
    "plan-order",
    "process-callback",
    "restock",
    "run-import",
    "sweep-stock",
    "watch-order",
  ]);
});
