import { resolve } from "node:path";
import type { BuildOptions } from "esbuild";
import type { FunctionSpec } from "./functions.ts";
import { leanLibraries } from "./lean-libraries.ts";

const root = resolve(import.meta.dirname, "..");

/**
 * The SDK asks a chain of places for credentials. In Lambda they are in the environment: 13 KB less in each bundle. Names of functions
 * and classes are not kept either (34 KB): errors of ours set their names themselves, and source maps name the frames of a stack.
 */
const inLambda = { "@aws-sdk/credential-provider-node": "./functions/runtime/credentials.ts" };

/** Makes esbuild's options for bundling functions, each into a folder by its name, with a source map. */
export const bundleOptions = (
  specs: readonly Pick<FunctionSpec, "kebabName" | "source">[],
  outdir: string,
): BuildOptions => ({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(
    specs.map(({ kebabName, source }) => [`${kebabName}/index`, `functions/${source}.ts`]),
  ),
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  mainFields: ["module", "main"],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  alias: inLambda,
  plugins: [leanLibraries],
  // The page for developers is made of the documents themselves.
  loader: { ".md": "text" },
  // Dependencies that are CommonJS still call `require` for Node's own modules.
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
  logLevel: "error",
});
