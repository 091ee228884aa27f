import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { localDir } from "../../../infra/local/places.ts";
import { preparePython } from "../../../infra/local/python-env.ts";

const program = {
  requirements: join(import.meta.dirname, "requirements.txt"),
  folder: "beancount",
  module: "beancount",
  name: "Beancount",
};

/** Beancount's checker, as `bean-check` starts it. The environment was moved since its scripts were made. */
const CHECK = "from beancount.scripts.check import main; main()";

/** Has Beancount check a book. Returns its exit code and what it says. */
export async function beanCheck(book: string): Promise<{ code: number; says: string }> {
  const python = await preparePython(program, join(localDir, "beancount.log"));
  const folder = await mkdtemp(join(tmpdir(), "vouchsafe-books-"));
  try {
    const file = join(folder, "book.beancount");
    await writeFile(file, book);
    const check = spawn(python, ["-c", CHECK, "--no-cache", file], { stdio: ["ignore", "pipe", "pipe"] });
    const [says, errors, [code]] = await Promise.all([
      text(check.stdout),
      text(check.stderr),
      once(check, "close") as Promise<[number]>,
    ]);
    return { code, says: says + errors };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
