import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CLOCK_FILE } from "../../functions/runtime/clock.ts";
import { RECEIVERS_FILE } from "../../functions/runtime/receivers.ts";
import { openLog } from "./command.ts";
import { pathWithOurNode } from "./places.ts";
import { Problem } from "./problems.ts";
import { engineProgram, preparePython } from "./python-env.ts";

const readyWithinMs = 120_000;
const WORKER_BYTES = 50_000_000;

export interface EngineOptions {
  /** A free one by default. */
  readonly port?: number | undefined;
  /** Whether IAM is enforced: functions can do what their roles allow, and signed routes want a signature. */
  readonly auth?: boolean;
  readonly logFile: string;
  /** More of the engine's own settings, by the names of its environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Engine {
  readonly endpoint: string;
  /** The file that moves the clock of the functions that run here. */
  readonly clockFile: string;
  /** The file that names the receivers of webhooks that it may call on this machine. */
  readonly receiversFile: string;
  /** The engine itself, for measuring it; to end it call `stop`. */
  readonly pid: number;
  /** Ends the engine and its Lambda workers and waits until they are gone. The same happens when this process dies. */
  readonly stop: () => Promise<void>;
  /** Resolves when the engine has ended, for any reason. */
  readonly ended: Promise<unknown>;
}

/** Starts the local AWS engine on loopback, with nothing in it. */
export async function startEngine({
  port: wanted,
  auth = false,
  logFile,
  settings = {},
}: EngineOptions): Promise<Engine> {
  const port = await freePort(wanted);
  const python = await preparePython(engineProgram, logFile);
  const folder = await mkdtemp(join(tmpdir(), "vouchsafe-engine-"));
  const log = openLog(logFile);
  // Detached: Ctrl-C in the terminal is for the launcher alone, which then ends the engine in its own time.
  const supervisor = spawn(python, [join(import.meta.dirname, "supervise.py"), folder], {
    detached: true,
    stdio: ["pipe", "pipe", log],
    env: { ...environment({ port, auth, folder }), ...settings },
  });
  closeSync(log);
  const ended = once(supervisor, "exit");
  const engine: Engine = {
    endpoint: `http://127.0.0.1:${port}`,
    clockFile: clockFileIn(folder),
    receiversFile: receiversFileIn(folder),
    pid: await pidFrom(supervisor, logFile),
    stop: async () => {
      supervisor.stdin?.end();
      await ended;
    },
    ended,
  };
  await untilReady(engine, supervisor, logFile);
  return engine;
}

/**
 * A worker is a process of some 50 MB that runs one call at a time. The engine starts one for every call that finds none free: a flood
 * then fills any machine. So at most 48 calls run at once, and further ones are throttled as AWS would beyond an account's concurrency.
 */
const workers = { LAMBDA_ACCOUNT_CONCURRENCY: "48", LAMBDA_MOST_RESTING: String(mostResting()) };

/**
 * Says how many workers with nothing to do stay (see `engine.py`): as many as fit in a quarter of the machine's memory, 24 at least and
 * 72 at most. Starting one takes a quarter of a second of a processor, so a machine that keeps two for each function is far quicker.
 */
function mostResting(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.max(24, Math.min(72, Math.floor(memory / 4 / WORKER_BYTES)));
}

const clockFileIn = (folder: string): string => join(folder, "clock");
const receiversFileIn = (folder: string): string => join(folder, "receivers");

/**
 * Makes the engine's environment. The engine passes it on to every Lambda function, so it holds nothing of the user's.
 */
function environment({ port, auth, folder }: { port: number; auth: boolean; folder: string }): NodeJS.ProcessEnv {
  return {
    PATH: pathWithOurNode("/usr/local/bin:/usr/bin:/bin"),
    NODE_OPTIONS: "--no-deprecation",
    LANG: "C.UTF-8",
    TMPDIR: folder,
    S3_DATA_DIR: join(folder, "s3"),
    [CLOCK_FILE]: clockFileIn(folder),
    [RECEIVERS_FILE]: receiversFileIn(folder),
    BIND_HOST: "127.0.0.1",
    MINISTACK_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    AUTH: String(auth),
    ...workers,
    IOT_MTLS_ENABLED: "0", // would take the fixed port 8883, and with it the chance to run two engines
  };
}

/** Finds a port: the wanted one, or any free one if none is wanted. Throws a `Problem` if the wanted one is taken. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  try {
    server.listen(wanted, "127.0.0.1");
    await once(server, "listening");
  } catch {
    throw new Problem(`Port ${wanted} is in use: stop what runs there, or choose another one with LOCAL_PORT.`);
  }
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port.");
  return address.port;
}

async function pidFrom(supervisor: ChildProcess, logFile: string): Promise<number> {
  for await (const line of supervisor.stdout ?? []) return Number(String(line));
  throw notStarted(logFile);
}

async function untilReady({ endpoint }: Engine, supervisor: ChildProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline && supervisor.exitCode === null) {
    const ready = await fetch(`${endpoint}/_ministack/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await sleep(50);
  }
  supervisor.stdin?.end();
  throw notStarted(logFile);
}

const notStarted = (logFile: string) => new Problem(`The local AWS engine did not start: the reason is in ${logFile}.`);
