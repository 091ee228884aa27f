import { describe, expect, test } from "vitest";
import { functionSpecs } from "../../../infra/functions.ts";
import { deadLetterQueues, messageQueues } from "../../../shared/dead-letters/catalogue.ts";
import { type Place, propertiesOf, type Resource, resourcesOf, synthesize } from "../../support/infra/templates.ts";

describe.each(["dev", "prod"] as const)("in %s", (env) => {
  const { data, service, observability } = synthesize({ env });

  test("tables can't be deleted by mistake and can be restored to any second", () => {
    const tables = resourcesOf(data, "AWS::DynamoDB::GlobalTable");
    const names = tables.map(([, { Properties }]) => Properties["TableName"]);
    // Those that an earlier version made are still there, whatever is made beside them.
    const made = ["orders", "inventory", "platform", "ledger", "audit"];
    expect(names).toEqual(expect.arrayContaining(made.map((name) => `vouchsafe-${env}-${name}`)));
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

  test("what a failed creation leaves behind stops no later one: only what can be adopted stays then", () => {
    const kept = [data, service, observability].flatMap((template) =>
      Object.values(template.toJSON()["Resources"] as Record<string, Resource>).filter(
        ({ DeletionPolicy }) => DeletionPolicy === "Retain",
      ),
    );
    // CloudFormation adopts what has a name of its own: the next deployment says `--import-existing-resources`.
    const nameOf: Record<string, string> = {
      "AWS::DynamoDB::GlobalTable": "TableName",
      "AWS::S3::Bucket": "BucketName",
    };
    const named = kept.filter(({ Type }) => Type !== "AWS::KMS::Key");
    for (const { Type, Properties } of named) expect(Properties[nameOf[Type] ?? ""]).toMatch(/^vouchsafe-[\w-]+$/);
    expect(new Set(named.map(({ Type }) => Type))).toEqual(new Set(Object.keys(nameOf)));
    // Keys have no names, so they stop nothing. A failed creation leaves them, because their policies deny to delete them.
    expect(kept.length).toBeGreaterThan(named.length);
  });

  test("queues of dead letters and all logs stay when their stack is deleted or replaces them, and go when its creation fails", () => {
    const logs = resourcesOf(service, "AWS::Logs::LogGroup");
    const deadLetters = resourcesOf(service, "AWS::SQS::Queue").filter(([, { Properties }]) =>
      String(Properties["QueueName"]).endsWith("-dead-letters"),
    );
    expect(logs.length).toBeGreaterThan(functionSpecs.length);
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of [...logs, ...deadLetters])
      expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, "RetainExceptOnCreate", "Retain"]);
  });

  test("a file that no import will read is looked for several times an hour", () => {
    const [schedule] = propertiesOf(service, "AWS::Events::Rule").filter(({ Name }) =>
      String(Name).endsWith("sweepUploads"),
    );
    expect(schedule?.["ScheduleExpression"]).toBe("rate(15 minutes)");
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
    expect(others).toHaveLength(messageQueues.length);
    for (const queue of others) expect(queue).toHaveProperty("RedrivePolicy.maxReceiveCount", 5);

    const alarms = propertiesOf(observability, "AWS::CloudWatch::Alarm").map((it) => JSON.stringify(it));
    const watched = deadLetters
      .map(({ name }) => name)
      .filter((name) => alarms.some((it) => it.includes(`"Value":"${name}"`)));
    expect(deadLetters).toHaveLength(deadLetterQueues.length);
    expect(watched).toEqual(deadLetters.map(({ name }) => name));
  });

  test("whoever follows the orders sets aside what it can't process", () => {
    const streams = propertiesOf(service, "AWS::Lambda::EventSourceMapping").filter((it) => "StartingPosition" in it);
    expect(streams).toHaveLength(2);
    for (const stream of streams) {
      expect(stream).toMatchObject({
        BisectBatchOnFunctionError: true,
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
  expect(resources.filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith("Retain"))).toEqual([]);
});

test("the local configuration is for the local engine's account, whatever the credentials; the others go where these are", () => {
  expect(new Set(synthesize({ env: "local" }).places)).toEqual(new Set(["aws://000000000000/us-east-1"]));
  expect(new Set(synthesize({ env: "dev" }).places)).toEqual(new Set(["aws://111122223333/eu-central-1"]));
});

describe("concurrency reserved for sales", () => {
  const reservedIn = (place: Omit<Place, "env">, env: Place["env"] = "prod") => {
    const functions = propertiesOf(synthesize({ env, ...place }).service, "AWS::Lambda::Function");
    const reserved = functions.filter((it) => "ReservedConcurrentExecutions" in it);
    return reserved.map((it) => [it["FunctionName"], it["ReservedConcurrentExecutions"]]);
  };

  test("is there in production", () => {
    expect(reservedIn({})).toEqual([["vouchsafe-prod-place-order", 300]]);
    expect(reservedIn({}, "dev")).toEqual([]);
  });

  test("can be set for one deployment, and for good", () => {
    expect(reservedIn({ reservedForSales: "40" })).toEqual([["vouchsafe-prod-place-order", 40]]);
    const vouchsafe = { prod: { alarmEmail: "alarms@example.com", reservedForSales: 50 } };
    expect(reservedIn({ vouchsafe })).toEqual([["vouchsafe-prod-place-order", 50]]);
    expect(reservedIn({ vouchsafe, reservedForSales: "none" })).toEqual([]);
  });

  test("is a number, or the deployment is refused", () => {
    for (const reservedForSales of ["0", "-1", "many", "1.5"])
      expect(() => synthesize({ env: "prod", reservedForSales })).toThrow(/reservedForSales/);
    expect(() => synthesize({ env: "prod", vouchsafe: { prod: { reserved: 3 } } })).toThrow(/reserved/);
  });
});

describe("with sales closed", () => {
  const closed = propertiesOf(synthesize({ env: "prod", sales: "closed" }).service, "AWS::Lambda::Function");
  const nameOf = (it: Record<string, unknown>): string => String(it["FunctionName"]).replace("vouchsafe-prod-", "");

  test("no message or task is worked on that sells codes, brings them back or stores them", () => {
    const standing = closed.filter((it) => it["ReservedConcurrentExecutions"] === 0).map(nameOf);
    expect(standing.toSorted()).toEqual([
      "ask-supplier",
      "follow-payment",
      "place-line",
      "plan-order",
      "process-callback",
      "run-import",
      "watch-order",
    ]);
  });

  test("functions that do other things too know that sales are closed, and refuse or leave out what moves stock", () => {
    const told = closed.filter((it) => variablesOf(it)["SALES"] === "closed").map(nameOf);
    expect(told.toSorted()).toEqual([
      "cases-schedule",
      "decide-case",
      "decide-review",
      "help-delivery",
      "orders-schedule",
      "place-order",
      "receive-notification",
      "stock-schedule",
      "storefront-cases",
      "storefront-orders",
      "suppliers-schedule",
    ]);
    const open = propertiesOf(synthesize({ env: "prod" }).service, "AWS::Lambda::Function");
    expect(open.filter((it) => variablesOf(it)["SALES"] === "closed")).toEqual([]);
  });
});

const variablesOf = (it: Record<string, unknown>): Record<string, string> =>
  (it["Environment"] as { Variables: Record<string, string> }).Variables;
