import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { appOnEngine } from "./app-on-engine.ts";
import type { Deployment } from "./deployed-stack.ts";
import { watchMemory } from "./peak-memory.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The file that says, as soon as it is there, what became of the deployment. */
    readonly deployment: string;
  }
}

interface Shared {
  readonly deployment: string;
  readonly stop: () => Promise<void>;
}

/** Each project that needs the engine runs this in a module graph of its own, so what they share hangs on the process. */
const shared = globalThis as { vouchsafeStack?: Shared | undefined };

/** Deploys in the background: whoever needs the stack waits for the file, and whoever doesn't is tested meanwhile. */
function start(): Shared {
  const sayMemory = watchMemory();
  const folder = mkdtempSync(join(tmpdir(), "vouchsafe-test-"));
  const deployment = join(folder, "deployment.json");
  // Moved into place when it is complete, for others look for it all the time.
  const tell = (became: Deployment): void => {
    writeFileSync(`${deployment}.draft`, JSON.stringify(became));
    renameSync(`${deployment}.draft`, deployment);
  };
  const running = appOnEngine();
  const told = running.then(
    ({ stack }) => tell({ state: "deployed", stack }),
    (error: unknown) => tell({ state: "failed", reason: error instanceof Error ? error.message : String(error) }),
  );
  const stop = async (): Promise<void> => {
    await told;
    sayMemory();
    await running.then((app) => app.stop()).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
  return { deployment, stop };
}

export default function setup(project: TestProject): () => Promise<void> {
  shared.vouchsafeStack ??= start();
  project.provide("deployment", shared.vouchsafeStack.deployment);

  // Vitest tears all projects down after the last test of all of them; the first one to come stops the engine.
  return async () => {
    const running = shared.vouchsafeStack;
    shared.vouchsafeStack = undefined;
    await running?.stop();
  };
}
