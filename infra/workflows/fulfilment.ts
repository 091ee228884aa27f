import { Aws, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { type Config, keepOnceCreated, nameOf } from "../config.ts";
import { explain, explainWildcard } from "../explained.ts";
import { definition, type Steps } from "./definition.ts";

export interface FulfilmentWorkflowProps {
  readonly config: Config;
  /** ARNs of the functions that do the steps. */
  readonly steps: Steps;
}

/** The workflow of orders that are not finished in the request: suppliers, failures, reviews. */
export class FulfilmentWorkflow extends StateMachine {
  constructor(scope: Construct, id: string, { config, steps }: FulfilmentWorkflowProps) {
    const stateMachineName = workflowNameOf(config);
    super(scope, id, {
      stateMachineName,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(
        Stack.of(scope).toJsonString(
          definition({
            steps,
            retry: config.workflowRetry,
            partition: Aws.PARTITION,
            throttledToo: config.onLocalEngine ? "Lambda.Unknown" : undefined,
            // The local engine can't take a time limit from a state's input. Waking early costs nothing but a look.
            supplierWaitSeconds: config.onLocalEngine ? 5 : undefined,
          }),
        ),
      ),
      ...(config.onLocalEngine ? {} : { logs: logsOf(scope, stateMachineName, config), tracingEnabled: true }),
    });
    this.addToRolePolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: Object.values(steps) }));
    if (config.onLocalEngine) {
      explain(
        this,
        "AwsSolutions-SF1",
        "A local stack has the execution history, and nobody to read logs of it later.",
      );
      explain(this, "AwsSolutions-SF2", "A local stack has nowhere to send traces to.");
    } else {
      explainWildcard(this.role, "*", "The delivery of logs and traces knows no resources.");
    }
  }
}

export const workflowNameOf = (config: Config): string => nameOf(config, "fulfilment");

/**
 * Makes the log of the workflow: every event, without data. Inputs and outputs hold only ids and waits, and the
 * execution history shows them.
 */
function logsOf(scope: Construct, stateMachineName: string, config: Config) {
  const destination = new LogGroup(scope, "WorkflowLogs", {
    logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
    retention: config.logRetention,
    removalPolicy: keepOnceCreated(config),
  });
  return { destination, level: LogLevel.ALL, includeExecutionData: false };
}
