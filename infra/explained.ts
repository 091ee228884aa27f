import { Stack, Validations } from "aws-cdk-lib";
import { flattenCfnReference } from "cdk-nag/lib/utils/flatten-cfn-reference.js";
import type { IConstruct } from "constructs";

/** Says why a rule of the security checks (cdk-nag, AWS Solutions) is not followed here. Everything else must follow it. */
export function explain(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}

/** Says why a policy's resource, and no other one, ends in a wildcard. */
export function explainWildcard(construct: IConstruct, arn: string, reason: string): void {
  const resource = flattenCfnReference(Stack.of(construct).resolve(arn));
  explain(construct, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
}
