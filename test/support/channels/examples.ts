import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { localDir, root } from "../../../infra/local/places.ts";
import { preparePython } from "../../../infra/local/python-env.ts";

const program = {
  requirements: join(import.meta.dirname, "requirements.txt"),
  folder: "http-message-signatures",
  module: "http_message_signatures",
  name: "The library for signed requests",
};

/** The languages of the examples: the mark of their block, the name of their file, and what runs it. */
const LANGUAGES = {
  ts: { file: "example.ts", run: async () => [process.execPath] },
  python: { file: "example.py", run: async () => [await preparePython(program, join(localDir, "signatures.log"))] },
  bash: { file: "example.sh", run: async () => ["bash", "-eu"] },
} as const;
export type Language = keyof typeof LANGUAGES;

/** Runs the example of a page in one language, word for word. Returns what it printed; undefined: the language is not on this machine. */
export async function runExample(
  page: string,
  language: Language,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const markdown = await readFile(join(root, page), "utf8");
  // The last one: those before it say how to begin.
  const [, source] = [...markdown.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, "g"))].at(-1) ?? [];
  if (source === undefined) throw new Error(`${page} has no example in ${language}`);
  const { file, run } = LANGUAGES[language];
  return runSource(source, file, await run(), env);
}

/** Runs a program, in a folder of its own. Returns what it printed; undefined: what runs it is not on this machine. */
export async function runSource(
  source: string,
  file: string,
  [command = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "vouchsafe-example-"));
  try {
    await writeFile(join(folder, file), source);
    const child = spawn(command, [...args, file], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const started = await Promise.race([once(child, "spawn"), once(child, "error").then(() => undefined)]);
    if (started === undefined) return undefined;
    const [said, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return said + errors;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
