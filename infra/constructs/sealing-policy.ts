import { CfnOutput, Stack } from "aws-cdk-lib";
import { Effect, ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { operations } from "../../functions/operator/operations.ts";
import { type Config, nameOf } from "../config.ts";
import { explainWildcard } from "../explained.ts";

export interface SealingPolicyProps {
  readonly config: Config;
  readonly apiId: string;
  readonly codesKeyArn: string;
}

/** What an operator calls to bring in codes that were sealed before, and nothing else of the operators' API. */
const calls = ["createImport", "startImport", "showImport", "listRefusals", "cancelImport"] as const;

/**
 * A key that is bound to anything but a product would open nothing that is ever sold. The local engine does not tell policies
 * what a key is bound to.
 */
const onlyForProducts = {
  "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["product"] },
  Null: { "kms:EncryptionContext:product": "false" },
};

/**
 * For operators who seal codes on machines of their own: to attach to their roles. It makes data keys for products and opens
 * none, and derives no key of fingerprints: the API tells the one of tags, for one product and on the record.
 */
export class SealingPolicy extends Construct {
  constructor(scope: Construct, id: string, { config, apiId, codesKeyArn }: SealingPolicyProps) {
    super(scope, id);
    const routes = calls.map((name) => {
      const { method, path } = operations[name];
      const resourceName = `$default/${method}${path.replaceAll(/\{\w+\}/g, "*")}`;
      return Stack.of(this).formatArn({ service: "execute-api", resource: apiId, resourceName });
    });
    // The command line finds the API by the name of this stack. The id behind the name is made with the stack.
    const { stackName } = Stack.of(this);
    const thisStack = Stack.of(this).formatArn({
      service: "cloudformation",
      resource: "stack",
      resourceName: `${stackName}/*`,
    });
    const policy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: nameOf(config, "seal-stock"),
      description: "Seals codes on the operator's machine and imports them; opens none.",
      statements: [
        new PolicyStatement({
          sid: "SealCodes",
          effect: Effect.ALLOW,
          actions: ["kms:GenerateDataKey"],
          resources: [codesKeyArn],
          conditions: config.onLocalEngine ? {} : onlyForProducts,
        }),
        new PolicyStatement({
          sid: "ImportThem",
          effect: Effect.ALLOW,
          actions: ["execute-api:Invoke"],
          resources: routes,
        }),
        new PolicyStatement({
          sid: "FindTheApi",
          effect: Effect.ALLOW,
          actions: ["cloudformation:DescribeStacks"],
          resources: [thisStack],
        }),
      ],
    });
    explainWildcard(policy, thisStack, "The id of the stack, which its name does not tell.");
    for (const route of routes) explainWildcard(policy, route, "The id of a product or an import, of whichever.");
    new CfnOutput(this, "Arn", { value: policy.managedPolicyArn }).overrideLogicalId("SealStockPolicyArn");
  }
}
