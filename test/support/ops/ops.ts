import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { localDir } from "../../../infra/local/places.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import type { Json } from "../orders/shop.ts";
import type { CommandLine } from "./command-server.ts";

const entry = join(import.meta.dirname, "../../../infra/ops/ops.ts");

/** One run of the operator's command line. */
export type Run = { code: number; stdout: string; stderr: string };

/** Runs what follows its first argument on a pseudo-terminal, types that argument where it is asked, and prints all that stood there. */
const onPty = [
  "import os, pty, sys",
  "child, master = pty.fork()",
  "if child == 0: os.execv(sys.argv[2], sys.argv[2:])",
  "seen = b''",
  "while True:",
  "    try: part = os.read(master, 4096)",
  "    except OSError: break",
  "    if not part: break",
  "    seen += part",
  "    if b'[y/N]' in part: os.write(master, sys.argv[1].encode() + b'\\n')",
  "sys.stdout.buffer.write(seen)",
  "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))",
].join("\n");

/** Processes that wait for a command line, and how many there are. */
const idle: ChildProcess[] = [];
let busy: Promise<unknown>[] = [];
const MOST_PROCESSES = 2;

/** Runs a command line in a process that has the commands loaded. AWS is out of its reach. */
async function obeyed(line: CommandLine): Promise<Run> {
  while (busy.length >= MOST_PROCESSES) await Promise.race(busy);
  const server = idle.pop() ?? startServer();
  const settled = new AbortController();
  const answer = Promise.race([
    once(server, "message", settled) as Promise<[Run]>,
    once(server, "exit", settled).then(() => Promise.reject(new Error(`it ended at ${line.words.join(" ")}`))),
  ]);
  server.ref();
  server.send(line);
  const over = answer.finally(() => {
    busy = busy.filter((one) => one !== over);
    settled.abort();
    server.unref();
    if (server.connected) idle.push(server);
  });
  busy.push(over);
  const [run] = await over;
  return run;
}

function startServer(): ChildProcess {
  const env = {
    PATH: process.env["PATH"] ?? "",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_REGION: "us-east-1",
    NODE_COMPILE_CACHE: join(localDir, "compile-cache"),
  };
  const server = fork(join(import.meta.dirname, "command-server.ts"), { env, execArgv: [] });
  server.channel?.unref();
  server.unref();
  return server;
}

/** An operator's terminal: a folder of its own, and the stack that its commands talk to. */
export function terminal(stack: LocalStack) {
  const folder = mkdtempSync(join(tmpdir(), "vouchsafe-ops-"));
  const stackFile = join(folder, "stack.json");
  writeFileSync(stackFile, JSON.stringify(stack));

  /** Runs a command line exactly as given. AWS is out of its reach: what the stack's file says is all that it knows. */
  const raw = (...words: string[]): Promise<Run> => withInput({}, ...words);
  const withInput = (
    { input = "", shell = folder }: { input?: string; shell?: string },
    ...words: string[]
  ): Promise<Run> => obeyed({ words, folder, shell, input });

  return {
    raw,
    /** Runs a command line with something on standard input, or from a shell in another folder. */
    withInput,
    stackFile,
    /** Runs a command on a pseudo-terminal, types the line, and gives back all that stood there. */
    onTerminal: async (line: string, ...words: string[]): Promise<{ code: number; seen: string }> => {
      const command = [process.execPath, entry, ...words, "--stack", stackFile];
      const python = spawn("python3", ["-c", onPty, line, ...command], { stdio: ["ignore", "pipe", "inherit"] });
      const [seen, [code]] = await Promise.all([text(python.stdout), once(python, "exit") as Promise<[number]>]);
      return { code, seen };
    },
    /** Runs a command with `--json`: its exit code, and the one JSON value that it must have printed. */
    json: async (...words: string[]): Promise<{ code: number; value: Json }> => {
      const { code, stdout, stderr } = await raw(...words, "--json", "--stack", stackFile);
      if (stderr.replace(/^Idempotency-Key: .+\n/, "") !== "")
        throw new Error(`something beside the JSON value and the key: ${stderr}`);
      return { code, value: JSON.parse(stdout) };
    },
    /** Writes a file into the terminal's folder; its path. */
    file: (name: string, content: string | Uint8Array): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
  };
}
