import { Stack } from "aws-cdk-lib";
import { EventField, Match, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import type { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { type Config, nameOf } from "../config.ts";

/** Calls that destroy or stop a key, copy it, or give away the right to use it. */
const DANGEROUS_CALLS = [
  "ScheduleKeyDeletion",
  "DisableKey",
  "PutKeyPolicy",
  "ReplicateKey",
  "UpdatePrimaryRegion",
  "CreateGrant",
];

export const keyWatchNameOf = (config: Config): string => nameOf(config, "key-in-danger");
export const alarmTopicNameOf = (config: Config): string => nameOf(config, "alarms");

/**
 * Tells people of dangerous calls for these keys, and for no others of the account: AWS services make grants for their own keys
 * all the time, and another environment has its own watch. CloudTrail sees each call, also a refused one.
 *
 * It stands in the stack of the keys and knows the topic by its name, so that no stack needs another's exports for it.
 */
export class KeyWatch extends Construct {
  constructor(scope: Construct, id: string, { config, keys }: { readonly config: Config; readonly keys: Key[] }) {
    super(scope, id);
    const topicArn = Stack.of(this).formatArn({ service: "sns", resource: alarmTopicNameOf(config) });
    const rule = new Rule(this, "Rule", {
      ruleName: keyWatchNameOf(config),
      description: "Somebody deletes, disables, copies, grants or rewrites the policy of one of our keys, or tries to.",
      eventPattern: {
        source: ["aws.kms"],
        detailType: ["AWS API Call via CloudTrail"],
        detail: { eventSource: ["kms.amazonaws.com"], eventName: DANGEROUS_CALLS, $or: aboutOneOf(keys) },
      },
    });
    rule.addTarget(new SnsTopic(Topic.fromTopicArn(this, "Topic", topicArn), { message: whatHappened() }));
  }
}

/** These calls take a key's id or its ARN, and no alias. The ARN ends with the id. */
function aboutOneOf(keys: readonly Key[]): object[] {
  const ours = keys.flatMap(({ keyId }) => Match.suffix(keyId));
  return [
    { resources: { ARN: ours } },
    { requestParameters: { keyId: ours } },
    // CloudTrail leaves the parameters of some refused calls out. A call that names no key at all may be about ours.
    { resources: { ARN: Match.doesNotExist() }, requestParameters: { keyId: Match.doesNotExist() } },
  ];
}

/** A field that the event lacks is left out by EventBridge. */
function whatHappened(): RuleTargetInput {
  const field = (path: string): string => EventField.fromPath(`$.detail.${path}`);
  return RuleTargetInput.fromText(
    `A dangerous call for a key of ours: ${field("eventName")}. ` +
      `Key: ${field("requestParameters.keyId")}. Caller: ${field("userIdentity.arn")}, from ${field("sourceIPAddress")}, ` +
      `at ${field("eventTime")}. Refused with (empty: not refused): ${field("errorCode")}. ` +
      "Without its key all stock is lost; with a copy of it all stock can be read. See infra/RUNBOOK.md#key-in-danger",
  );
}
