import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { NOTES } from "../shared/requests/notes.ts";
import type { FunctionName } from "./functions.ts";
import { type Resource, services } from "./grantable.ts";
import { grants } from "./grants.ts";

/** What each resource is; some are several things of one kind. */
export type Arns = Readonly<Record<Resource, string | string[]>>;

/** Items of the platform table by their keys: who may note a request may not write an API key. */
const onlyNotes = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${NOTES}*`] } };

/** The policy of a function, one statement for each thing it may touch. */
export function statementsOf(name: FunctionName, arns: Arns): PolicyStatement[] {
  return Object.entries(grants[name]).map(
    ([resource, actions]: [string, readonly string[]]) =>
      new PolicyStatement({
        sid: resource.charAt(0).toUpperCase() + resource.slice(1),
        effect: Effect.ALLOW,
        actions: actions.map((action) => `${services[resource as Resource]}:${action}`),
        resources: [arns[resource as Resource]].flat(),
        ...(resource === "requestNotes" ? { conditions: onlyNotes } : {}),
      }),
  );
}

/** The resources that are more than one thing: a path that is all ours, and no more of it. */
export const wildcards: Partial<Record<Resource, string>> = {
  uploads: "A file is named by its import, and each of these serves any import.",
  goodsFiles: "A file is named by its order, and the function serves any order.",
  salesLog: "Each batch of orders is an object of its own.",
  secrets: "The credentials of suppliers, one parameter each, are made while the system runs.",
  executions: "The runs of our one workflow, made while the system runs.",
  taskTokens: "Only on the local engine, which does not know whose token it is.",
};
