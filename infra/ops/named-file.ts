import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { WrongUsage } from "./wrong-usage.ts";

/** The file name that means standard input. */
export const STANDARD_INPUT = "-";

/** Finds a file from the folder of the shell: npm runs commands at the repository's root, and says in INIT_CWD where it was called. */
export const fromShell = (path: string): string => resolve(process.env["INIT_CWD"] ?? "", path);

/** Reads all of a file, or of standard input. */
export async function bytesOf(path: string): Promise<Buffer> {
  if (path === STANDARD_INPUT) return buffer(process.stdin);
  return readFile(fromShell(path)).catch((error: NodeJS.ErrnoException) => {
    throw new WrongUsage(`The file ${path} can't be read: ${error.code}.`);
  });
}
