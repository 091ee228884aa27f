import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the command prints is appended here; without it, it is dropped. */
  readonly logFile?: string;
}

/** Runs a command to its end and tells whether it succeeded; one that can't be started has not. It dies with this process. */
export async function succeeds({ file, args, cwd, env, logFile }: Command): Promise<boolean> {
  const output = logFile === undefined ? "ignore" : openLog(logFile);
  try {
    const child = spawn(file, args, { cwd, env: env ?? process.env, stdio: ["ignore", output, output] });
    const end = () => child.kill();
    process.once("exit", end);
    return await new Promise<boolean>((resolve) => {
      child.once("error", () => resolve(false));
      child.once("close", (code) => resolve(code === 0));
    }).finally(() => process.off("exit", end));
  } finally {
    if (typeof output === "number") closeSync(output);
  }
}

export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, "a");
}
