import { statSync } from "node:fs";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import type { AssetCode } from "aws-cdk-lib/aws-lambda";
import { codeOf } from "../../infra/constructs/bundle.ts";
import { functionSpecs } from "../../infra/functions.ts";
import { type Figures, figure } from "./report.ts";

/** The code of each function as it is deployed, without its source map, which is only read for a stack trace. */
export function bundles(): Figures {
  const stack = new Stack(new App(), "Bundles");
  const sizes = functionSpecs.map((spec) => {
    const { path } = codeOf(stack, spec) as AssetCode;
    return [`bundle.${spec.kebabName}.kb`, figure(statSync(join(path, "index.mjs")).size / 1024, "KB", 1)];
  });
  return Object.fromEntries(sizes) as Figures;
}
