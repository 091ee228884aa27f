import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../local/places.ts";
import { Problem } from "../local/problems.ts";
import { saidOf } from "./said.ts";

/** Reads the context as CDK does: from `cdk.json` and from `--context name=value` or `-c`, which counts more. */
export async function contextOf(argv: readonly string[]): Promise<Record<string, unknown>> {
  const { context = {} } = JSON.parse(await readFile(join(root, "cdk.json"), "utf8")) as {
    context?: Record<string, unknown>;
  };
  return { ...context, ...saidIn(argv) };
}

function saidIn(argv: readonly string[]): Record<string, string> {
  const pairs = saidOf(argv, "--context", "-c").flatMap((pair) => {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** Throws unless the context names an environment for an AWS account: a forgotten option must not deploy to one. */
export function namedEnvironment({ env }: Record<string, unknown>): void {
  if (env === "dev" || env === "prod") return;
  const what =
    env === undefined ? "Say which environment" : `The environment ${JSON.stringify(env)} is not for an AWS account`;
  throw new Problem(
    `${what}: add \`--context env=dev\` or \`--context env=prod\`. (\`npm start\` is for this machine.)`,
  );
}
