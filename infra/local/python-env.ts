import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { succeeds } from "./command.ts";
import { pythonDir } from "./places.ts";
import { Problem } from "./problems.ts";

/** A program in Python: what it needs, where it is installed under `.local`, a module that proves it is there, and its name. */
interface PythonProgram {
  readonly requirements: string;
  readonly folder: string;
  readonly module: string;
  readonly name: string;
}

export const engineProgram: PythonProgram = {
  requirements: join(import.meta.dirname, "requirements.txt"),
  folder: "python",
  module: "hypercorn",
  name: "The local AWS engine",
};

const candidates = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
const isNewEnough = "import sys; sys.exit(sys.version_info < (3, 10))";

/** Prepares the Python that runs a program, in an environment of its own: made once, then used again. */
export async function preparePython(program: PythonProgram, logFile: string): Promise<string> {
  const home = join(pythonDir, program.folder);
  if (await isPrepared(program, home)) return pythonOf(home);

  // Made aside and moved into place when it is complete, so that a crash, or two starts at once, never leave half of one.
  const draft = `${home}.${process.pid}`;
  try {
    await install(program, await findPython(program), draft, logFile);
    if (await isPrepared(program, home)) return pythonOf(home); // another start was faster, and is using it by now
    await rm(home, { recursive: true, force: true });
    await rename(draft, home);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return pythonOf(home);
}

const pythonOf = (home: string): string => join(home, "bin", "python");
const stampOf = (home: string): string => join(home, "requirements.txt");

async function isPrepared({ requirements, module }: PythonProgram, home: string): Promise<boolean> {
  const [wanted, installed] = await Promise.all([
    readFile(requirements, "utf8"),
    readFile(stampOf(home), "utf8").catch(() => undefined),
  ]);
  // It is also run: the Python it was made from may be gone since.
  return wanted === installed && (await succeeds({ file: pythonOf(home), args: ["-c", `import ${module}`] }));
}

async function findPython({ name }: PythonProgram): Promise<string> {
  for (const file of candidates) {
    if (await succeeds({ file, args: ["-c", isNewEnough] })) return file;
  }
  throw new Problem(`${name} needs Python 3.10 or newer: install it so that \`python3\` runs it.`);
}

async function install(program: PythonProgram, python: string, home: string, logFile: string): Promise<void> {
  await mkdir(pythonDir, { recursive: true });
  if (!(await succeeds({ file: python, args: ["-m", "venv", "--without-pip", home], logFile }))) {
    throw new Problem(
      `Python can't make a virtual environment: install its \`venv\` module (the reason is in ${logFile}).`,
    );
  }
  const pip = await pipFor(python, home, logFile);
  const args = [
    ...pip.args,
    "install",
    "--disable-pip-version-check",
    "--no-input",
    "--no-compile",
    "-r",
    program.requirements,
  ];
  if (!(await succeeds({ file: pip.file, args, logFile }))) {
    throw new Problem(`${program.name} could not be installed by pip: see ${logFile}, then start again.`);
  }
  await cp(program.requirements, stampOf(home));
}

/**
 * Finds a pip for the environment: the system's, which saves the five seconds of copying one into it, or a copy if that
 * is missing or too old.
 */
async function pipFor(python: string, home: string, logFile: string) {
  const shared = ["-m", "pip", "--python", pythonOf(home)];
  if (await succeeds({ file: python, args: [...shared, "--version"] })) return { file: python, args: shared };
  if (await succeeds({ file: pythonOf(home), args: ["-m", "ensurepip"], logFile })) {
    return { file: pythonOf(home), args: ["-m", "pip"] };
  }
  throw new Problem("Python has no pip: install it so that `python3 -m pip --version` works.");
}
