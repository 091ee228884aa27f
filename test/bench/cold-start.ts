import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { App, Stack } from "aws-cdk-lib";
import type { AssetCode } from "aws-cdk-lib/aws-lambda";
import { variables } from "../../functions/runtime/env.ts";
import { codeOf } from "../../infra/constructs/bundle.ts";
import { NODE_OPTIONS } from "../../infra/constructs/service-function.ts";
import { specOf } from "../../infra/functions.ts";
import { type Figures, figure } from "./report.ts";

/** The functions that somebody waits for. */
const HOT = ["placeOrder", "getDeliverables", "receiveCallback"] as const;

/** Starts of each, in turns, so that what else the machine does hits all alike. */
const STARTS = 15;

/**
 * Measures how long a new process takes to load a function's bundle, in milliseconds and beside an empty module. Lambda does the same
 * before the first call of a new sandbox, on other processors: the ratio says more than the time.
 */
export function coldStarts(): Figures {
  const stack = new Stack(new App(), "ColdStarts");
  const folder = mkdtempSync(join(tmpdir(), "vouchsafe-cold-start-"));
  try {
    const emptyFile = join(folder, "empty.mjs");
    writeFileSync(emptyFile, "export const handler = async () => undefined;\n");
    const bundles = HOT.map((name) => join((codeOf(stack, specOf(name)) as AssetCode).path, "index.mjs"));
    const files = [emptyFile, ...bundles];
    const times = Array.from({ length: STARTS }, () => files.map(millisToStart));
    const [nothing = 0, ...functions] = files.map((_, index) => median(times.map((row) => row[index] ?? 0)));
    const ofFunctions = HOT.map((name, index): Figures => {
      const { kebabName } = specOf(name);
      const millis = functions[index] ?? 0;
      return {
        [`coldstart.${kebabName}.ms`]: figure(millis, "ms to start a process and load the function, median", 0),
        [`coldstart.${kebabName}.ratio`]: figure(millis / nothing, "times an empty function's", 2),
      };
    });
    const empty = figure(nothing, "ms to start a process and load an empty function, median", 0);
    return Object.assign({ "coldstart.empty.ms": empty }, ...ofFunctions) as Figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a function reads at its start. Nothing is called. */
const environment = {
  ...Object.fromEntries(Object.values(variables).map((variable) => [variable, "x"])),
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "x",
  AWS_SECRET_ACCESS_KEY: "x",
  NODE_OPTIONS,
};

function millisToStart(file: string): number {
  const started = performance.now();
  execFileSync(
    process.execPath,
    ["--input-type=module", "-e", `await import(${JSON.stringify(pathToFileURL(file).href)})`],
    {
      env: environment,
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  return performance.now() - started;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
