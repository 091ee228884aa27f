import { build } from "esbuild";
import { bundleOptions } from "./bundles.ts";
import { functionSpecs } from "./functions.ts";

// Bundles all functions into the folder that the command line names.
const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error("Say into which folder.");
await build(bundleOptions(functionSpecs, outdir));
