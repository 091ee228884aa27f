import { rmSync } from "node:fs";
import { join } from "node:path";
import { deployStacks } from "../../../infra/local/deploy.ts";
import { startEngine } from "../../../infra/local/engine.ts";
import { localDir } from "../../../infra/local/places.ts";
import { type LocalStack, stackFromOutputs } from "../../../infra/local/stack-file.ts";
import { findWarmEngine } from "../../../infra/local/warm-engine.ts";
import { isFullProof } from "../size.ts";

/** An engine with the app on it. */
interface AppOnEngine {
  readonly stack: LocalStack;
  readonly stop: () => Promise<void>;
}

/** Gives the app on an engine: on that of `npm run engine` if it is wanted and has the same code, otherwise on one of its own. */
export async function appOnEngine(): Promise<AppOnEngine> {
  if (!isWarmEngineWanted(process.env)) return startOwn();
  const found = await findWarmEngine();
  if (found.usable) return { stack: found.stack, stop: () => Promise.resolve() };
  process.stdout.write(`Deploying to an engine of its own, because ${found.reason}.\n`);
  return startOwn();
}

/**
 * Only who asks for it gets it: a verdict that counts must not depend on what earlier runs have left on an engine. `npm test`, which
 * CI runs too, and the full proof never use it, even if a shell has the variable set for good.
 */
export function isWarmEngineWanted(env: NodeJS.ProcessEnv, isProof = isFullProof): boolean {
  return env["ENGINE"] === "warm" && env["npm_lifecycle_event"] !== "test" && !isProof;
}

async function startOwn(): Promise<AppOnEngine> {
  const logFile = join(localDir, "test.log");
  rmSync(logFile, { force: true });
  // IAM is enforced: a function that lacks a permission fails here as it would on AWS.
  const starting = startEngine({ auth: true, logFile });
  const endpoint = starting.then((engine) => engine.endpoint);
  try {
    const outputs = await deployStacks({ endpoint, env: "local", logFile });
    const engine = await starting;
    return { stack: stackFromOutputs(engine, outputs), stop: () => engine.stop() };
  } catch (error) {
    await starting.then((engine) => engine.stop()).catch(() => undefined);
    throw error;
  }
}
