import { LIMITS } from "../kernel/limits.ts";
import type { Layout } from "./layout.ts";

const LINE_FEED = 0x0a;

/** Some lines of a file, whole ones, and where the next ones begin. */
export type Lines = { texts: string[]; bytes: number };

/**
 * The whole lines at the beginning of these bytes, as many as a segment has. A line feed is one byte and part of no other
 * character, in UTF-8 as in GBK, so lines are cut before they are decoded. At the end of the file the last line needs none.
 * Undefined: a line is longer than any code could make it.
 */
export function linesIn(
  bytes: Uint8Array,
  encoding: Layout["encoding"],
  isEnd: boolean,
  most: number,
): Lines | undefined {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const texts: string[] = [];
  let at = 0;
  while (texts.length < most && at < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, at);
    if (feed < 0 && !isEnd) break;
    const end = feed < 0 ? bytes.length : feed;
    texts.push(decoder.decode(bytes.subarray(at, end)).replace(/\r$/, ""));
    at = feed < 0 ? end : feed + 1;
  }
  return texts.length === 0 && bytes.length >= LIMITS.segmentBytes ? undefined : { texts, bytes: at };
}

/** A byte order mark says nothing that we did not know. */
export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, "");
