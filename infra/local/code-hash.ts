import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.ts";
import { stackSources } from "./stack-sources.ts";

/** What a deployment is made from, as two hashes: functions can be updated one by one, stacks can't. */
export interface CodeHash {
  readonly functions: string;
  readonly stacks: string;
}

const SETTINGS = ["cdk.json", "package-lock.json", "infra/local/bootstrap.yaml", "infra/local/requirements.txt"];

/**
 * Reads what the checkout would deploy now. Of the sources and not of templates and bundles, which take seconds to make: a comment
 * makes another hash, and the same hash always means the same deployment.
 */
export async function codeHash(): Promise<CodeHash> {
  return {
    functions: functionsHash(),
    stacks: hashOf([...(await stackSources()), ...SETTINGS]),
  };
}

export const functionsHash = (): string => hashOf(globSync("{functions,shared}/**/*.ts", { cwd: root }));

/** Hashes the names and contents of files, in whatever order they come. */
export function hashOf(files: readonly string[], home = root): string {
  const hash = createHash("sha256");
  for (const file of files.toSorted()) hash.update(`${file}\n`).update(readFileSync(join(home, file)));
  return hash.digest("hex");
}
