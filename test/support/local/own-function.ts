import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { onTestFinished } from "vitest";
import type { BundledFunction } from "../../../infra/local/bundle-functions.ts";
import { localDir } from "../../../infra/local/places.ts";

export interface OwnFunction {
  readonly spec: BundledFunction;
  /** Its folder, from the checkout's on. */
  readonly folder: string;
  readonly write: (name: string, source: string) => void;
}

/** Writes a function of two files: `function.ts` answers what `said.ts` exports. */
export function ownFunction(kebabName: string): OwnFunction {
  mkdirSync(localDir, { recursive: true });
  const place = mkdtempSync(join(localDir, "function-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const write = (name: string, source: string): void => writeFileSync(join(place, name), source);
  write("said.ts", 'export const said = "hello";');
  write("function.ts", 'import { said } from "./said.ts"; export const handler = async () => said;');
  const folder = `.local/${basename(place)}`;
  return { spec: { kebabName, source: `../${folder}/function` }, folder, write };
}
