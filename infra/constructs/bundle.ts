import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Stack } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { FunctionSpec } from "../functions.ts";

const root = resolve(import.meta.dirname, "../..");

/**
 * Gives the deployable code of one function. Tests that only look at templates switch bundling off by CDK's own context
 * key.
 */
export function codeOf(scope: Construct, { kebabName }: FunctionSpec): Code {
  if (!Stack.of(scope).bundlingRequired) return Code.fromInline("// not bundled");
  bundles ??= bundleAll();
  return Code.fromAsset(join(bundles, kebabName));
}

let bundles: string | undefined;

/**
 * Bundles all functions in one call of esbuild: 3.2 s on two cores. CDK's `NodejsFunction` starts esbuild for each
 * function, 0.85 s each and 28 s in all. It runs in a process of its own, because constructs can't wait, and esbuild takes
 * plugins only where somebody does.
 */
function bundleAll(): string {
  // Inside the checkout, so that source maps name its files alike on every machine, and assets keep their hashes.
  const parent = join(root, "dist");
  mkdirSync(parent, { recursive: true });
  const outdir = mkdtempSync(join(parent, "functions-"));
  process.once("exit", () => rmSync(outdir, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(root, "infra/bundle-all.ts"), outdir], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  return outdir;
}
