import { Encoding } from "../../shared/stock-files/layout.ts";
import { encodingOf, type UnknownEncoding } from "../../shared/stock-files/lines.ts";
import { bytesOf } from "./named-file.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** A file as text. Bytes that are not UTF-8 would arrive as codes that nobody can redeem. */
export async function readText(path = ""): Promise<string> {
  const bytes = await bytesOf(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new WrongUsage(`The file ${path} is not UTF-8.`);
  }
}

/** A file of codes as text, in the encoding that its byte order mark says, or else the operator. */
export async function readCodesText(path = "", asked?: string): Promise<string> {
  const bytes = await bytesOf(path);
  const wanted = Encoding.safeParse(asked ?? "utf-8");
  if (!wanted.success) throw new WrongUsage(`--encoding must be one of ${Encoding.options.join(", ")}.`);
  const known = encodingOf(bytes, wanted.data);
  if (typeof known === "string") throw new WrongUsage(`The file ${path} ${namedEncodings[known]}`);
  try {
    return new TextDecoder(known.encoding, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(known.mark));
  } catch {
    throw new WrongUsage(`The file ${path} is not ${known.encoding.toUpperCase()}: name its encoding (--encoding).`);
  }
}

const namedEncodings: Readonly<Record<UnknownEncoding, string>> = {
  looks_like_utf16le: "looks like UTF-16 without a byte order mark: say --encoding utf-16le.",
  looks_like_utf16be: "looks like UTF-16 without a byte order mark: say --encoding utf-16be.",
  not_utf16: "is not UTF-16: leave --encoding out, or say utf-8 or gbk.",
  unknown_encoding: "is in UTF-32: save it as UTF-8.",
};

export async function readJson(path: string | undefined): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch {
    // Without the parser's own words: they quote the file, and it holds credentials.
    throw new WrongUsage(`The file ${path} is not JSON.`);
  }
}
