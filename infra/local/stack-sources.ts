import { globSync } from "node:fs";
import { build } from "esbuild";
import { root } from "./places.ts";

/** What describes functions: their calls, triggers and permissions. */
const DESCRIPTIONS = "functions/**/{operations,workers}.ts";

/**
 * Finds the files that say what is in the stacks, other than functions' code: the app's own, those that they import by name, and
 * all descriptions of functions. A description's models are not among them, for most of what changes there is code.
 */
export async function stackSources(): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["infra/app.ts"],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const app = Object.entries(metafile.inputs).filter(([file]) => file.startsWith("infra/"));
  const imported = app.flatMap(([, { imports }]) =>
    imports.filter(({ external }) => !external).map(({ path }) => path),
  );
  return new Set([...app.map(([file]) => file), ...imported, ...globSync(DESCRIPTIONS, { cwd: root })]);
}
