import { rmSync } from "node:fs";
import { join } from "node:path";
import { codeHash } from "./code-hash.ts";
import { deployStacks } from "./deploy.ts";
import { startEngine } from "./engine.ts";
import { followSources } from "./follow-sources.ts";
import { localDir } from "./places.ts";
import { Problem, runMain } from "./problems.ts";
import { stackFromOutputs } from "./stack-file.ts";
import { untilStopAsked } from "./stop-asked.ts";
import { removeEngineFile, runningEngine, writeEngineFile } from "./warm-engine.ts";

const logFile = join(localDir, "engine.log");

/** Starts what the tests start for themselves, and keeps it up: IAM is enforced, and nothing is in it. */
await runMain(async () => {
  const other = await runningEngine();
  if (other !== undefined) throw new Problem(`An engine is up at ${other.stack.awsEndpoint}: stop it first.`);
  const stopAsked = untilStopAsked();
  rmSync(logFile, { force: true });
  console.log("Starting the local AWS engine and deploying the app to it …");
  const engine = await Promise.race([keepUp(), stopAsked]);
  if (engine === undefined) return; // the half-started engine ends with this process
  const reason = await Promise.race([stopAsked, engine.ended.then(() => "engine ended"), engine.following]);
  if (reason !== undefined) throw new Problem("The local AWS engine ended by itself: start again.");
  await engine.stop();
});

async function keepUp() {
  const sources = followSources();
  const atFirst = await codeHash();
  const starting = startEngine({ auth: true, logFile });
  const endpoint = starting.then((engine) => engine.endpoint);
  const outputs = await deployStacks({ endpoint, env: "local", logFile });
  const engine = await starting;
  const stack = stackFromOutputs(engine, outputs);
  process.once("exit", () => removeEngineFile(stack));
  console.log(`${engine.endpoint} is up until Ctrl-C. To use it: ENGINE=warm npx vitest run --project e2e FILE`);
  const following = sources.bringTo(engine.endpoint, console.log, (functions) =>
    writeEngineFile({ stack, code: { stacks: atFirst.stacks, functions } }),
  );
  return { ...engine, following };
}
