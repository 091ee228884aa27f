import { LIMITS } from "../kernel/limits.ts";
import type { Layout } from "./layout.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Some lines of a file, whole ones, and where the next ones begin. */
export type Lines = { texts: string[]; bytes: number };

/**
 * The whole lines at the beginning of these bytes, as many as a segment has. Line ends are bytes that are part of no other
 * character, in UTF-8 as in GBK, so lines are cut before they are decoded. At the end of the file the last line needs none.
 * Otherwise there is no line: it is longer than any code could make it, or the file is shorter than it was said to be.
 */
export function linesIn(
  bytes: Uint8Array,
  encoding: Layout["encoding"],
  isEnd: boolean,
  most: number,
): Lines | "line_too_long" | "file_changed" {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const texts: string[] = [];
  let at = 0;
  while (texts.length < most && at < bytes.length) {
    const line = lineAt(bytes, at, isEnd);
    if (line === undefined) break;
    texts.push(decoder.decode(bytes.subarray(at, line.end)));
    at = line.next;
  }
  if (texts.length > 0 || isEnd) return { texts, bytes: at };
  return bytes.length >= LIMITS.segmentBytes ? "line_too_long" : "file_changed";
}

/** Where the line that begins here ends, and the next one begins; undefined: not within these bytes. */
function lineAt(bytes: Uint8Array, at: number, isEnd: boolean): { end: number; next: number } | undefined {
  let end = at;
  while (end < bytes.length && bytes[end] !== LINE_FEED && bytes[end] !== CARRIAGE_RETURN) end++;
  const next = end + (bytes[end] === CARRIAGE_RETURN && bytes[end + 1] === LINE_FEED ? 2 : 1);
  // Whether a carriage return is the whole of a line's end is for the byte behind it to say.
  const isWhole = bytes[end] === LINE_FEED || next < bytes.length || next === end + 2;
  if (!isWhole && !isEnd) return undefined;
  return { end, next: Math.min(next, bytes.length) };
}

/** A byte order mark says nothing that we did not know. */
export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, "");
