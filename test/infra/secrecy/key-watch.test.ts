import { describe, expect, test } from "vitest";
import { type EventPattern, matches } from "../../support/events/event-pattern.ts";
import { propertiesOf, resourcesOf, synthesize } from "../../support/infra/templates.ts";

const { data, observability } = synthesize({ env: "prod" });
const account = "111122223333";

/** References as they may be after a deployment: the id of a key. */
const keyIds = new Map(
  resourcesOf(data, "AWS::KMS::Key").map(([id], index) => [id, `mrk-${String(index).repeat(32)}`]),
);
const resolved = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, inner: { Ref?: string } | null) =>
    typeof inner?.Ref === "string" ? (keyIds.get(inner.Ref) ?? inner) : inner,
  );
const arnOf = (keyId: string): string => `arn:aws:kms:eu-central-1:${account}:key/${keyId}`;

type Rule = {
  Name: string;
  State: string;
  EventPattern: EventPattern;
  Targets: { Arn: unknown; InputTransformer: { InputPathsMap: Record<string, string>; InputTemplate: string } }[];
};
const rule = propertiesOf(data, "AWS::Events::Rule").find(
  ({ Name }) => Name === "vouchsafe-prod-key-in-danger",
) as unknown as Rule;

/** What CloudTrail tells of a call, as KMS's guide shows it. */
function told(eventName: string, { names = "", touches = [] as string[], errorCode = "" }): object {
  return {
    source: "aws.kms",
    "detail-type": "AWS API Call via CloudTrail",
    detail: {
      eventSource: "kms.amazonaws.com",
      eventName,
      userIdentity: { arn: `arn:aws:iam::${account}:user/mallory` },
      requestParameters: names === "" ? null : { keyId: names },
      ...(touches.length === 0 ? {} : { resources: touches.map((ARN) => ({ type: "AWS::KMS::Key", ARN })) }),
      ...(errorCode === "" ? {} : { errorCode }),
    },
  };
}
const rings = (event: object): boolean => matches(resolved(rule.EventPattern) as EventPattern, event);

const calls = [
  "ScheduleKeyDeletion",
  "DisableKey",
  "PutKeyPolicy",
  "ReplicateKey",
  "UpdatePrimaryRegion",
  "CreateGrant",
];
const [ours] = keyIds.values() as unknown as [string];
const theirs = "8c2e1c52-1111-2222-3333-444455556666";

describe("somebody is told at once", () => {
  test.each(calls)("of %s for any of our keys, by its id or its ARN, done or refused", (call) => {
    expect(keyIds.size).toBe(7);
    for (const keyId of keyIds.values()) {
      expect(rings(told(call, { names: keyId, touches: [arnOf(keyId)] }))).toBe(true);
      expect(rings(told(call, { names: arnOf(keyId) }))).toBe(true);
      expect(rings(told(call, { names: keyId, errorCode: "AccessDenied" }))).toBe(true);
    }
  });

  test("of a refused call of which CloudTrail does not say the key", () => {
    expect(rings(told("DisableKey", { errorCode: "AccessDenied" }))).toBe(true);
  });

  test("of what was called, for which key, by whom and whether it was refused", () => {
    const [{ InputTransformer } = {} as Rule["Targets"][number]] = rule.Targets;
    const { InputPathsMap, InputTemplate } = InputTransformer;
    expect(Object.values(InputPathsMap)).toEqual(
      expect.arrayContaining([
        "$.detail.eventName",
        "$.detail.requestParameters.keyId",
        "$.detail.userIdentity.arn",
        "$.detail.errorCode",
      ]),
    );
    for (const name of Object.keys(InputPathsMap)) expect(InputTemplate).toContain(`<${name}>`);
    expect(InputTemplate).toContain("RUNBOOK.md#key-in-danger");
  });

  test("through the topic of alarms, which lets this rule and no other publish", () => {
    expect(rule.State).toBe("ENABLED");
    const named = JSON.stringify(rule.Targets[0]?.Arn);
    expect(named).toContain(`:sns:eu-central-1:${account}:vouchsafe-prod-alarms`);
    const [topic] = propertiesOf(observability, "AWS::SNS::Topic");
    expect(topic?.["TopicName"]).toBe("vouchsafe-prod-alarms");
    const documents = propertiesOf(observability, "AWS::SNS::TopicPolicy").map(
      ({ PolicyDocument }) => PolicyDocument as { Statement: { Principal: { Service?: string } }[] },
    );
    const forRules = documents
      .flatMap(({ Statement }) => Statement)
      .filter(({ Principal }) => Principal.Service === "events.amazonaws.com");
    expect(forRules).toHaveLength(1);
    expect(JSON.stringify(forRules)).toContain(`:events:eu-central-1:${account}:rule/vouchsafe-prod-key-in-danger"`);
  });
});

describe("nobody is woken", () => {
  test.each(calls)("by %s for a key that is another environment's, or AWS's own", (call) => {
    expect(rings(told(call, { names: theirs, touches: [arnOf(theirs)] }))).toBe(false);
    expect(rings(told(call, { names: arnOf(theirs) }))).toBe(false);
    expect(rings(told(call, { touches: [arnOf(theirs)] }))).toBe(false);
  });

  test("by what our functions do with our keys all day", () => {
    for (const call of ["Decrypt", "GenerateDataKey", "GenerateMac", "DescribeKey"])
      expect(rings(told(call, { names: ours, touches: [arnOf(ours)] }))).toBe(false);
  });
});

test("the watch needs no export of another stack, and its pattern is not too long for EventBridge", () => {
  const imports = JSON.stringify(observability.toJSON()).match(/"Fn::ImportValue":"[^"]*Key[^"]*"/);
  expect(imports).toBeNull();
  // AWS takes 2,048 characters.
  expect(JSON.stringify(resolved(rule.EventPattern)).length).toBeLessThan(2_048);
});
