import { describe, expect, test } from "vitest";
import { deadLetterQueues, deadLettersOf, messageQueues } from "../../../shared/dead-letters/catalogue.ts";
import { permissionsOf, propertiesOf, resourcesOf, synthesize } from "../../support/infra/templates.ts";

const { data, service, observability } = synthesize({ env: "prod" });
const schedules = propertiesOf(service, "AWS::Events::Rule").filter(
  ({ ScheduleExpression }) => ScheduleExpression !== undefined,
);
const queues = propertiesOf(service, "AWS::SQS::Queue");
const nameOf = (queue: Record<string, unknown>): string => String(queue["QueueName"]).replace("vouchsafe-prod-", "");

describe("every queue of dead letters", () => {
  test("is one that operators can list and replay, and there are no others", () => {
    const dead = queues.map(nameOf).filter((name) => name.endsWith("-dead-letters"));
    expect(dead.toSorted()).toEqual(deadLetterQueues.map(deadLettersOf).toSorted());
  });

  test("rings when something is in it", () => {
    const alarms = propertiesOf(observability, "AWS::CloudWatch::Alarm").map(({ AlarmName }) => String(AlarmName));
    for (const queue of deadLetterQueues) expect(alarms).toContain(`vouchsafe-prod-${deadLettersOf(queue)}`);
  });

  test("belongs to a queue, a stream's consumer or a function: each of these has one", () => {
    const living = queues.filter((queue) => !nameOf(queue).endsWith("-dead-letters"));
    expect(living.filter(({ RedrivePolicy }) => RedrivePolicy === undefined).map(nameOf)).toEqual([]);
    expect(living.map(nameOf).toSorted()).toEqual(messageQueues.toSorted());
    const mappings = resourcesOf(service, "AWS::Lambda::EventSourceMapping").map(([, { Properties }]) => Properties);
    const streams = mappings.filter(({ StartingPosition }) => StartingPosition !== undefined);
    expect(streams.length).toBeGreaterThan(0);
    for (const { DestinationConfig } of streams) expect(DestinationConfig).toBeDefined();
    // For as long as the stream keeps its records: nothing is given up because of a bad hour.
    for (const { MaximumRetryAttempts = -1, MaximumRecordAgeInSeconds = -1 } of streams)
      expect([MaximumRetryAttempts, MaximumRecordAgeInSeconds]).toEqual([-1, -1]);
  });

  test("is emptied by the one function that replays, which can put messages back where they came from", () => {
    const empties = permissionsOf(service).filter(
      ({ action, resource }) => action === "sqs:DeleteMessage" && resource.includes("-dead-letters"),
    );
    expect(new Set(empties.map(({ role }) => role)).size).toBe(1);
    expect(empties).toHaveLength(deadLetterQueues.length);
  });
});

describe("what looks again", () => {
  test("an index holds the orders that are not finished, and a schedule goes through it each minute", () => {
    const [orders] = propertiesOf(data, "AWS::DynamoDB::GlobalTable").filter(({ TableName }) =>
      String(TableName).endsWith("-orders"),
    );
    expect(orders?.["GlobalSecondaryIndexes"]).toContainEqual(
      expect.objectContaining({
        IndexName: "unfinished",
        KeySchema: [
          { AttributeName: "careQueue", KeyType: "HASH" },
          { AttributeName: "careAt", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      }),
    );
    expect(schedules.map(({ Name, ScheduleExpression }) => [Name, ScheduleExpression])).toContainEqual([
      "vouchsafe-prod-careForOrders",
      "rate(1 minute)",
    ]);
  });

  test("a schedule's call is made once: neither its rule nor Lambda tries it again, nor keeps it for hours", () => {
    const called = schedules.flatMap(({ Targets }) => Targets as { Arn: unknown; RetryPolicy: unknown }[]);
    expect(called.length).toBeGreaterThan(5);
    const invoked = propertiesOf(service, "AWS::Lambda::EventInvokeConfig");
    for (const { Arn, RetryPolicy } of called) {
      expect(RetryPolicy).toMatchObject({ MaximumRetryAttempts: 0 });
      const [id] = (Arn as { "Fn::GetAtt": string[] })["Fn::GetAtt"];
      expect(invoked).toContainEqual(
        expect.objectContaining({ FunctionName: { Ref: id }, MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 }),
      );
    }
  });
});
