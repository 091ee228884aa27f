import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { type BuildFailure, build, formatMessages, type Metafile, type OutputFile } from "esbuild";
import { bundleOptions } from "../bundles.ts";
import type { FunctionSpec } from "../functions.ts";
import { root } from "./places.ts";
import { Problem } from "./problems.ts";

export type BundledFunction = Pick<FunctionSpec, "kebabName" | "source">;

/** The code of one function, in memory. */
export interface Bundle {
  readonly spec: BundledFunction;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly hash: string;
  /** The files that it is made of, from the checkout's folder on. */
  readonly sources: ReadonlySet<string>;
}

/** As deep in the checkout as the folder for a deployment, so that source maps are the same. Nothing is written there. */
const outdir = join(root, "dist", "functions");

/**
 * Bundles functions as a deployment does, in memory.
 * @throws a `Problem` with esbuild's message if one of them can't be built.
 */
export async function bundleFunctions(specs: readonly BundledFunction[]): Promise<Bundle[]> {
  try {
    const { outputFiles, metafile } = await build({
      ...bundleOptions(specs, outdir),
      logLevel: "silent",
      write: false,
      metafile: true,
    });
    return specs.map((spec) => bundleOf(spec, outputFiles, metafile));
  } catch (error) {
    throw new Problem((await formatMessages((error as BuildFailure).errors, { kind: "error" })).join("").trim());
  }
}

function bundleOf(spec: BundledFunction, outputs: readonly OutputFile[], metafile: Metafile): Bundle {
  const own = outputs.filter(({ path }) => basename(dirname(path)) === spec.kebabName);
  const files = new Map(own.map(({ path, contents }) => [basename(path), contents]));
  const hash = createHash("sha256");
  for (const contents of files.values()) hash.update(contents);
  const inputs = metafile.outputs[`dist/functions/${spec.kebabName}/index.mjs`]?.inputs ?? {};
  return { spec, files, hash: hash.digest("hex"), sources: new Set(Object.keys(inputs)) };
}
