import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { App } from "aws-cdk-lib";
import { root } from "../local/places.ts";
import { addVouchsafe } from "../vouchsafe.ts";

type Resource = { Type: string; Properties: { DefinitionString: string | { "Fn::Join": [string, unknown[]] } } };

/** Writes production's templates for one region into a folder, without the functions' code. Returns their files. */
export function synthesize(region: string, outdir: string): string[] {
  Object.assign(process.env, { CDK_DEFAULT_ACCOUNT: "111122223333", CDK_DEFAULT_REGION: region });
  const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")) as { context: object };
  const production = { env: "prod", vouchsafe: { prod: { alarmEmail: "alarms@example.com" } } };
  const app = new App({ outdir, context: { ...context, ...production, "aws:cdk:bundling-stacks": [] } });
  addVouchsafe(app);
  return app.synth().stacks.map(({ templateFullPath }) => templateFullPath);
}

/** Writes the definition of each workflow of a template beside it. Returns their files. */
export function writeWorkflows(template: string): string[] {
  const { Resources } = JSON.parse(readFileSync(template, "utf8")) as { Resources: Record<string, Resource> };
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === "AWS::StepFunctions::StateMachine")
    .map(([id, { Properties }]) => {
      const file = template.replace(basename(template), `${id}.asl.json`);
      writeFileSync(file, definitionOf(Properties.DefinitionString));
      return file;
    });
}

/**
 * Gives the text of a workflow definition, with invented values for what only a deployment knows: ARNs of functions,
 * and the partition within an ARN.
 */
function definitionOf(text: string | { "Fn::Join": [string, unknown[]] }): string {
  if (typeof text === "string") return text;
  const [, parts] = text["Fn::Join"];
  return parts.map((part) => (typeof part === "string" ? part : resolved(part as object))).join("");
}

const resolved = (part: object): string =>
  JSON.stringify(part).includes("AWS::Partition") ? "aws" : "arn:aws:lambda:us-east-1:111122223333:function:any";
