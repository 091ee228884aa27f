import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { isPart, type Needs, type Part, type Resource, services } from "../functions/runtime/needs.ts";
import { operationsParts } from "./operations-parts.ts";

/**
 * The ARNs of each resource. Some resources are several things of one kind. The parts of the operations table share its
 * ARN.
 */
export type Arns = Readonly<Record<Exclude<Resource, Part>, string | string[]> & { operationsTable: string }>;

/**
 * Makes the policy of a function with these needs: one statement for each resource, and one for each action on the
 * operations table.
 */
export function statementsOf(needs: Needs, arns: Arns): PolicyStatement[] {
  const granted = Object.entries(needs) as [Resource, readonly string[]][];
  const whole = granted.flatMap(([resource, actions]) =>
    isPart(resource)
      ? []
      : new PolicyStatement({
          sid: resource.charAt(0).toUpperCase() + resource.slice(1),
          effect: Effect.ALLOW,
          actions: actions.map((action) => `${services[resource]}:${action}`),
          resources: [arns[resource]].flat(),
        }),
  );
  const inParts = [...keysByAction(granted)].map(
    ([action, keys]) =>
      new PolicyStatement({
        sid: `Operations${action}`,
        effect: Effect.ALLOW,
        actions: [`dynamodb:${action}`],
        resources: [arns.operationsTable],
        conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys } },
      }),
  );
  return [...whole, ...inParts];
}

/**
 * Gives, for each action on the operations table, the keys of all parts that it is granted for. They stand in one
 * statement, because one statement must allow all keys of a batch.
 */
function keysByAction(granted: readonly [Resource, readonly string[]][]): Map<string, string[]> {
  const keysOf = new Map<string, string[]>();
  for (const [part, actions] of granted)
    for (const action of isPart(part) ? actions : [])
      keysOf.set(action, [...(keysOf.get(action) ?? []), ...leadingKeys(part as Part)]);
  return keysOf;
}

/** Gives the patterns of a part's keys. A key that ends in `#` is a prefix; any other one is a whole key. */
const leadingKeys = (part: Part): string[] => operationsParts[part].map((key) => (key.endsWith("#") ? `${key}*` : key));

/** The resources that are more than one thing: a path that is all ours, and no more of it. */
export const wildcards: Partial<Record<Exclude<Resource, Part>, string>> = {
  uploads: "A file is named by its import, and each of these serves any import.",
  goodsFiles: "A file is named by its order, and the function serves any order.",
  eventArchive: "Each batch of news is an object of its own, named by its time.",
  statements: "Each statement of a provider's day is an object of its own, named by what it says.",
  salesLog: "Each batch of orders is an object of its own.",
  secrets: "The credentials of suppliers, one parameter each, are made while the system runs.",
  paymentSecrets: "The credentials of payment providers, one parameter each, are made while the system runs.",
  senderSecrets: "The credentials of senders of messages, one parameter each, are made while the system runs.",
  mail: "An operator names the domain that mail comes from, and its configuration set, while the system runs.",
  textMessages: "An operator names the number, sender id or pool that text messages come from, while the system runs.",
  executions: "The runs of our one workflow, made while the system runs.",
  taskTokens: "Only on the local engine, which does not know whose token it is.",
};
