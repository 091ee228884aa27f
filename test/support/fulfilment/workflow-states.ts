import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import type { TestProject } from "vitest/node";
import { configOf } from "../../../infra/config.ts";
import { FulfilmentWorkflow } from "../../../infra/workflows/fulfilment.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The names of the states of the workflow, as its synthesized definition has them. */
    readonly workflowStates: readonly string[];
  }
}

const arn = (name: string): string => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
const steps = {
  planOrder: arn("plan"),
  placeLine: arn("place"),
  askSupplier: arn("ask"),
  awaitWakeUp: arn("await"),
};

export default function setup(project: TestProject): void {
  const outdir = mkdtempSync(join(tmpdir(), "vouchsafe-workflow-"));
  try {
    const stack = new Stack(new App({ outdir, analyticsReporting: false }), "workflow");
    const workflow = new FulfilmentWorkflow(stack, "Workflow", { config: configOf("dev"), steps });
    const [machine] = Object.values(
      Template.fromStack(workflow.stack).findResources("AWS::StepFunctions::StateMachine"),
    );
    project.provide("workflowStates", Object.keys(JSON.parse(textOf(machine?.["Properties"])).States as object));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The definition's text; what only a deployment knows, such as the partition, is left out of it. */
function textOf({ DefinitionString: definition }: { DefinitionString: Joined | string }): string {
  if (typeof definition === "string") return definition;
  return definition["Fn::Join"][1].filter((part) => typeof part === "string").join("");
}

type Joined = { "Fn::Join": [string, unknown[]] };
