import { execFileSync } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { writeCalls } from "./calls.ts";

// `npm run client`: writes the client's types anew, and makes of it a package folder that a storefront can install.

export const CLIENT = "functions/storefront/client";

/** Makes the package folder `to`: JavaScript without dependencies, and its types. */
export async function packClient(to: string): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  await build({
    entryPoints: [`${CLIENT}/client.ts`],
    outfile: join(to, "client.js"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    logLevel: "error",
  });
  const flags = ["--declaration", "--emitDeclarationOnly", "--noEmit", "false", "--outDir", to, "--ignoreConfig"];
  const how = ["--module", "nodenext", "--target", "es2024", "--types", "node", "--strict", "--skipLibCheck"];
  execFileSync("npx", ["tsc", ...flags, ...how, "--allowImportingTsExtensions", `${CLIENT}/client.ts`], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  // The compiler keeps the names of our sources; a package has their types beside it.
  for (const file of globSync(join(to, "*.d.ts")))
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(/(from "\.\/[\w-]+)\.ts"/g, '$1.js"'));
  for (const file of ["package.json", "README.md"]) copyFileSync(join(CLIENT, file), join(to, file));
}

if (import.meta.main) {
  writeFileSync(`${CLIENT}/calls.ts`, await writeCalls());
  const to = ".local/client";
  await packClient(to);
  process.stdout.write(`Wrote ${CLIENT}/calls.ts, and the package in ${to}: npm install ./${to}\n`);
}
