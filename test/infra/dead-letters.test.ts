import { describe, expect, test } from "vitest";
import { deadLetterQueues, deadLettersOf, messageQueues } from "../../shared/dead-letters/catalogue.ts";
import { permissionsOf, propertiesOf, resourcesOf, synthesize } from "./support.ts";

const { service, observability } = synthesize({ env: "prod" });
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
  });

  test("is emptied by the one function that replays, which can put messages back where they came from", () => {
    const empties = permissionsOf(service).filter(
      ({ action, resource }) => action === "sqs:DeleteMessage" && resource.includes("-dead-letters"),
    );
    expect(new Set(empties.map(({ role }) => role)).size).toBe(1);
    expect(empties).toHaveLength(deadLetterQueues.length);
  });
});
