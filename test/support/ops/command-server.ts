import { Readable } from "node:stream";
import type { Run } from "./ops.ts";

// Runs command lines one after the other in one process: to load their code takes longer than most of them run.

/** The words, the folder to stand in, the folder of the shell that npm was called from, and what is typed. */
export type CommandLine = { words: string[]; folder: string; shell: string; input: string };

const entry = new URL("../../../infra/ops/ops.ts", import.meta.url).href;
let runs = 0;

async function obey({ words, folder, shell, input }: CommandLine): Promise<Run> {
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    process[name].write = (text: unknown) => {
      said[name] += String(text);
      return true;
    };
  process.argv = [process.execPath, entry, ...words];
  process.env["INIT_CWD"] = shell;
  process.chdir(folder);
  process.exitCode = 0;
  Object.defineProperty(process, "stdin", { value: Readable.from([Buffer.from(input)]), configurable: true });
  runs += 1;
  // The entry is run anew each time; what it imports is there.
  await import(`${entry}?run=${runs}`);
  process.removeAllListeners("SIGINT");
  return { code: process.exitCode, ...said };
}

process.on("message", (line: CommandLine) => {
  obey(line).then(
    (run) => process.send?.(run),
    (error: unknown) => process.send?.({ code: 1, stdout: "", stderr: String(error) } satisfies Run),
  );
});
process.on("disconnect", () => process.exit());
