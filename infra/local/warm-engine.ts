import { readFileSync, rmSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CodeHash, codeHash } from "./code-hash.ts";
import { localDir } from "./places.ts";
import type { LocalStack } from "./stack-file.ts";

/** What `npm run engine` says of itself while it is up. */
export interface WarmEngine {
  readonly stack: LocalStack;
  /** What is deployed to it. */
  readonly code: CodeHash;
}

export const engineFile = join(localDir, "engine.json");

/** A file that was saved just now is bundled and updated in that time. */
const FOLLOWS_WITHIN_MS = 15_000;

/** Writes the file under another name, then moves it into place, because others read it at any time. */
export async function writeEngineFile(engine: WarmEngine, file = engineFile): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.draft`, `${JSON.stringify(engine, null, 2)}\n`);
  await rename(`${file}.draft`, file);
}

/** Synchronous, so that it can be the last thing a process does. Leaves a file that a later engine has written. */
export function removeEngineFile({ awsEndpoint }: LocalStack, file = engineFile): void {
  try {
    const written = JSON.parse(readFileSync(file, "utf8")) as WarmEngine;
    if (written.stack.awsEndpoint === awsEndpoint) rmSync(file);
  } catch {
    // It is gone already.
  }
}

/** Gives the engine that is up. One that was killed may have left its file: whether it answers counts. */
export async function runningEngine(file = engineFile): Promise<WarmEngine | undefined> {
  try {
    const engine = JSON.parse(await readFile(file, "utf8")) as WarmEngine;
    return (await fetch(`${engine.stack.awsEndpoint}/_ministack/health`)).ok ? engine : undefined;
  } catch {
    return undefined;
  }
}

export type Found =
  | { readonly usable: true; readonly stack: LocalStack }
  | { readonly usable: false; readonly reason: string };

/** Finds an engine on which just this code is deployed; one that is about to follow a change is waited for. */
export async function findWarmEngine({
  file = engineFile,
  now = codeHash,
  patienceMs = FOLLOWS_WITHIN_MS,
} = {}): Promise<Found> {
  const wanted = await now();
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const engine = await runningEngine(file);
    if (engine === undefined) return { usable: false, reason: "no engine is up (`npm run engine` starts one)" };
    if (engine.code.stacks !== wanted.stacks)
      return { usable: false, reason: "the stacks have changed since the warm engine was started" };
    if (engine.code.functions === wanted.functions) return { usable: true, stack: engine.stack };
    if (performance.now() > deadline) return { usable: false, reason: "the warm engine has other code than you" };
    await sleep(100);
  }
}
