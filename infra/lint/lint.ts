/**
 * Checks what we deploy with other people's checkers: cfn-lint reads production's templates for each region, asl-validator the workflow.
 * An app that has passed is not checked again: its hash is kept under `.local/lint`.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { localDir, root } from "../local/places.ts";
import { Problem, runMain } from "../local/problems.ts";
import { preparePython } from "../local/python-env.ts";

const REGIONS = ["us-east-1", "cn-north-1"];
/** The CDK says itself which resources wait for which, also where a reference says so already. */
const IGNORED = "W3005";

/** The environment was moved since its scripts were made, so they can't be run by their names. */
const CFN_LINT = "import sys; from cfnlint.runner import main; sys.exit(main())";
const ASL_VALIDATOR = join(root, "node_modules/.bin/asl-validator");

const linter = {
  requirements: join(import.meta.dirname, "requirements.txt"),
  folder: "lint/python",
  module: "cfnlint",
  name: "cfn-lint",
};

await runMain(async () => {
  const passed = join(localDir, "lint", await hashOfApp());
  if (existsSync(passed)) return;
  if (!existsSync(ASL_VALIDATOR)) throw new Problem("asl-validator is not installed: run `npm ci`.");
  const python = await preparePython(linter, join(localDir, "lint.log"));
  const folder = mkdtempSync(join(tmpdir(), "vouchsafe-lint-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  // Loaded only when it is needed: the CDK takes seconds.
  const { synthesize, writeWorkflows } = await import("./templates.ts");
  await Promise.all(
    REGIONS.flatMap((region) => {
      const templates = synthesize(region, join(folder, region));
      const args = ["-c", CFN_LINT, "--regions", region, "--ignore-checks", IGNORED, "-t", ...templates];
      const workflows = templates.flatMap(writeWorkflows);
      return [run(python, args), ...workflows.map((file) => run(ASL_VALIDATOR, ["--json-path", file]))];
    }),
  );
  mkdirSync(join(localDir, "lint"), { recursive: true });
  writeFileSync(passed, "");
});

/** Hashes all code of the app, its settings, and the versions of the tools that make and check the templates. */
async function hashOfApp(): Promise<string> {
  const entries = ["infra/app.ts", "infra/lint/lint.ts", "infra/lint/templates.ts"].map((file) => join(root, file));
  const options = { bundle: true, packages: "external", platform: "node", format: "esm", write: false } as const;
  const { outputFiles } = await build({ ...options, entryPoints: entries, outdir: root });
  const hash = createHash("sha256");
  for (const { text } of outputFiles) hash.update(text);
  for (const file of ["cdk.json", "package-lock.json", linter.requirements])
    hash.update(readFileSync(resolve(root, file)));
  return hash.digest("hex");
}

async function run(file: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(file, args).catch(({ stdout, stderr }: { stdout: string; stderr: string }) => {
    throw new Problem(`${stdout}${stderr}`);
  });
}
