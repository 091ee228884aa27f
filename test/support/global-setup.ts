import { rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { deployStacks } from "../../infra/local/deploy.ts";
import { startEngine } from "../../infra/local/engine.ts";
import { localDir } from "../../infra/local/places.ts";
import { type LocalStack, stackFromOutputs } from "../../infra/local/stack-file.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The stack that all tests share: `inject("stack")`. Nothing is in it but what the tests put there. */
    readonly stack: LocalStack;
    readonly enginePid: number;
    /** The engine's own log, function logs apart. */
    readonly engineLog: string;
  }
}

interface Shared {
  readonly stack: LocalStack;
  readonly enginePid: number;
  readonly engineLog: string;
  readonly stop: () => Promise<void>;
}

/** Each project that needs the engine runs this in a module graph of its own, so what they share hangs on the process. */
const shared = globalThis as { vouchsafeEngine?: Promise<Shared> | undefined };

/** IAM is enforced: a function that lacks a permission fails here as it would on AWS. */
async function start(): Promise<Shared> {
  const logFile = join(localDir, "test.log");
  rmSync(logFile, { force: true });
  const engine = startEngine({ auth: true, logFile });
  const endpoint = engine.then((started) => started.endpoint);
  const outputs = await deployStacks({ endpoint, env: "local", logFile });
  const { pid, stop } = await engine;
  return {
    stack: stackFromOutputs(await endpoint, outputs),
    enginePid: pid,
    engineLog: logFile,
    stop,
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.vouchsafeEngine ??= start();
  const { stack, enginePid, engineLog } = await shared.vouchsafeEngine;
  project.provide("stack", stack);
  project.provide("enginePid", enginePid);
  project.provide("engineLog", engineLog);

  // Vitest tears all projects down after the last test of all of them; the first one to come stops the engine.
  return async () => {
    const running = shared.vouchsafeEngine;
    shared.vouchsafeEngine = undefined;
    await (await running)?.stop();
  };
}
