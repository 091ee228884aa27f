import { Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { closesWithSales, movesStock } from "../../functions/runtime/closed-sales.ts";
import { variablesFor } from "../../functions/runtime/env.ts";
import { type Config, keepOnceCreated, nameOf } from "../config.ts";
import { explainWildcard } from "../explained.ts";
import {
  type FunctionName,
  type FunctionSpec,
  functionSpecs,
  memoryOf,
  type Room,
  specOf,
  timeoutOf,
} from "../functions.ts";
import { type Arns, statementsOf, wildcards } from "../statements.ts";
import { codeOf } from "./bundle.ts";
import type { Reach } from "./reach.ts";

export interface ServiceFunctionProps {
  readonly name: FunctionName;
  readonly config: Config;
  /** All there is to give; the function gets what it needs. */
  readonly reach: Reach;
}

/** What Node is told in every function. Frames of a stack are of our sources: that is 8 ms of a cold start. */
export const NODE_OPTIONS = "--enable-source-maps --no-deprecation";

/** A function of ours: its own role and environment, made from what it needs, and its own log group. */
export class ServiceFunction extends LambdaFunction {
  constructor(scope: Construct, props: ServiceFunctionProps) {
    const { name, config, reach } = props;
    const { env, arns, pagesUrl } = reach;
    const reservedConcurrency = reservedFor(name, config);
    const spec = specOf(name);
    const functionName = nameOf(config, spec.kebabName);
    const logGroup = new LogGroup(scope, `${name}Logs`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: config.logRetention,
      removalPolicy: keepOnceCreated(config),
    });
    const role = roleOf(scope, spec, config, arns, [
      new PolicyStatement({
        sid: "Logs",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
      ...statementsOf(spec.needs, arns),
    ]);
    super(scope, name, {
      functionName,
      description: `functions/${spec.source}.ts`,
      code: codeOf(scope, spec),
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memoryOf(spec),
      timeout: timeoutOf(spec),
      role,
      logGroup,
      environment: {
        ...Object.fromEntries(variablesFor(spec.needs).map((variable) => [variable, env[variable]])),
        ...settingsOf(spec, config),
        ...(spec.needs.linkKey === undefined ? {} : { PAGES_URL: pagesUrl }),
        NODE_OPTIONS,
        ENVIRONMENT: config.env,
        SHOP_ZONE: config.zone,
        POWERTOOLS_SERVICE_NAME: spec.kebabName,
        POWERTOOLS_METRICS_NAMESPACE: "Vouchsafe",
      },
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
    });
  }
}

/**
 * Gives the fixed name of a function's role, because the keys' policies name the roles that may decrypt. It has the
 * region in it, because IAM's names are global.
 */
export function roleNameOf(scope: Construct, { kebabName }: FunctionSpec, config: Config): string {
  return `${nameOf(config, kebabName)}-${Stack.of(scope).region}`;
}

function roleOf(scope: Construct, spec: FunctionSpec, config: Config, arns: Arns, statements: PolicyStatement[]): Role {
  const role = new Role(scope, `${spec.name}Role`, {
    roleName: roleNameOf(scope, spec, config),
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    inlinePolicies: { grants: new PolicyDocument({ statements }) },
  });
  for (const [resource, reason] of Object.entries(wildcards) as [keyof typeof wildcards, string][]) {
    const wild = [arns[resource]].flat().filter((arn) => arn.endsWith("*"));
    if (spec.needs[resource] !== undefined) for (const arn of wild) explainWildcard(role, arn, reason);
  }
  return role;
}

/** Settings that are no resources: when an order's watch looks first, and whether sales are closed. */
function settingsOf({ needs, operations = {}, worker }: FunctionSpec, config: Config): Record<string, string> {
  const jobs = worker?.trigger === "schedule" ? Object.values(worker.jobs) : [];
  const closes = Object.values(operations).some(closesWithSales) || jobs.some((job) => movesStock(job.needs));
  return {
    ...(needs.watchQueue === undefined ? {} : { WATCH_SECONDS: String(config.watchAfter.toSeconds()) }),
    ...(closes ? { SALES: config.salesClosed ? "closed" : "open" } : {}),
  };
}

/** Gives how many concurrent executions a function reserves. With 0 it does not run, and its messages wait. */
function reservedFor(name: FunctionName, { salesClosed, reservedForSales }: Config): number | undefined {
  const { needs, worker } = specOf(name);
  // What is called over HTTP, and what does several jobs, knows itself which of its work is closed.
  if (salesClosed && worker !== undefined && worker.trigger !== "schedule" && movesStock(needs)) return 0;
  return name === "placeOrder" ? reservedForSales : undefined;
}

/** Makes all functions of some rooms, by their names. */
export function functionsOf(
  scope: Construct,
  rooms: readonly Room[],
  config: Config,
  reach: Reach,
): Readonly<Partial<Record<FunctionName, ServiceFunction>>> {
  const specs = functionSpecs.filter(({ room }) => rooms.includes(room));
  return Object.fromEntries(specs.map(({ name }) => [name, new ServiceFunction(scope, { name, config, reach })]));
}
