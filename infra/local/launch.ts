import { rmSync } from "node:fs";
import { join } from "node:path";
import { deployStacks } from "./deploy.ts";
import { type Engine, freePort, startEngine } from "./engine.ts";
import { localDir } from "./places.ts";
import { Problem } from "./problems.ts";
import { runDemo } from "./run-demo.ts";
import { type LocalStack, removeStackFile, stackFromOutputs, writeStackFile } from "./stack-file.ts";

const defaultPort = 4566;

export interface Launched {
  readonly stack: LocalStack;
  readonly stop: () => Promise<void>;
  /** Resolves if the engine ends by itself. */
  readonly ended: Promise<unknown>;
}

/**
 * Starts the engine, deploys the app, makes the demo data and writes the file that describes all of it. `npm start` and
 * `npm run demo` begin with this.
 */
export async function launch(log: (line: string) => void): Promise<Launched> {
  const begin = performance.now();
  const { engine, logFile } = await engineFromEnvironment();
  log("Starting the local AWS engine and deploying the app to it …");
  const outputs = await deployStacks({
    endpoint: engine.then(({ endpoint }) => endpoint),
    env: "local",
    logFile,
  });
  const started = await engine;
  const { endpoint, stop, ended } = started;
  const deployed = stackFromOutputs(started, outputs);
  process.once("exit", () => removeStackFile(deployed));
  await writeStackFile(deployed);
  log(`Deployed to ${endpoint} in ${((performance.now() - begin) / 1000).toFixed(1)} s.`);

  const demo = await runDemo(deployed, log);
  await writeStackFile(demo.stack);
  const stopAll = async (): Promise<void> => {
    await demo.stop();
    await stop();
  };
  return { stack: demo.stack, stop: stopAll, ended };
}

interface StartingEngine {
  readonly engine: Promise<
    Pick<Engine, "endpoint" | "stop" | "ended"> & Partial<Pick<Engine, "clockFile" | "receiversFile">>
  >;
  readonly logFile: string;
}

async function engineFromEnvironment(): Promise<StartingEngine> {
  const elsewhere = process.env["AWS_ENDPOINT_URL"];
  if (elsewhere !== undefined && elsewhere !== "") {
    const endpoint = elsewhere.replace(/\/+$/, "");
    const engine = { endpoint, stop: () => Promise.resolve(), ended: new Promise(() => undefined) };
    return { engine: Promise.resolve(engine), logFile: freshLog("elsewhere") };
  }
  const port = await freePort(portFromEnvironment());
  const logFile = freshLog(String(port)); // one per port: two may run side by side
  return { engine: startEngine({ port, auth: true, logFile }), logFile };
}

function freshLog(name: string): string {
  const file = join(localDir, `start-${name}.log`);
  rmSync(file, { force: true });
  return file;
}

function portFromEnvironment(): number {
  const port = Number(process.env["LOCAL_PORT"] ?? defaultPort);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Problem("LOCAL_PORT is not a port: set it to a number from 1 to 65535.");
}
