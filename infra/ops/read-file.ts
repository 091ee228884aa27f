import { readFile } from "node:fs/promises";
import { WrongUsage } from "./wrong-usage.ts";

/** A file as text. Bytes that are not UTF-8 would arrive as codes that nobody can redeem. */
export async function readText(path = ""): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new WrongUsage(`The file ${path} can't be read: ${error.code}.`);
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new WrongUsage(`The file ${path} is not UTF-8.`);
  }
}

export async function readJson(path: string | undefined): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch {
    // Without the parser's own words: they quote the file, and it holds credentials.
    throw new WrongUsage(`The file ${path} is not JSON.`);
  }
}
