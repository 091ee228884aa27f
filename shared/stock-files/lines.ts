import { LIMITS } from "../kernel/limits.ts";
import { isBlank } from "./invisible.ts";
import type { Encoding } from "./layout.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A byte order mark is read and is not part of the lines. It may stand there twice. */
const LONGEST_MARK = 8;

/** Whole lines of a file that are not empty, each with its number from 0; how many lines and bytes they are. */
export type Lines = { texts: { at: number; text: string }[]; lines: number; bytes: number };

/**
 * Reads the whole lines at the beginning of these bytes, at most `most`. Lines that show nothing are left out. Line
 * ends are bytes that are part of no other character, in UTF-8 and in GBK, so lines are cut before they are decoded. At
 * the end of the file the last line needs none. If there is no whole line: it is longer than any code could make it, or
 * the file is shorter than was said.
 */
export function linesIn(
  bytes: Uint8Array,
  encoding: Encoding,
  isEnd: boolean,
  most: number,
): Lines | "line_too_long" | "file_changed" {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const units = unitsOf(bytes, encoding);
  const texts: Lines["texts"] = [];
  let lines = 0;
  let at = 0;
  while (texts.length < most && at < bytes.length) {
    const line = lineAt(units, bytes.length, at, isEnd);
    if (line === undefined) break;
    const text = line.end === at ? "" : decoder.decode(bytes.subarray(at, line.end));
    if (!isBlank(text)) texts.push({ at: lines, text });
    lines += 1;
    at = line.next;
  }
  if (lines > 0 || isEnd) return { texts, lines, bytes: at };
  return bytes.length >= LIMITS.segmentBytes - LONGEST_MARK ? "line_too_long" : "file_changed";
}

/** The units in which characters are written: bytes, or pairs of bytes. */
type Units = { width: 1 | 2; at: (place: number) => number | undefined };

function unitsOf(bytes: Uint8Array, encoding: Encoding): Units {
  if (encoding !== "utf-16le" && encoding !== "utf-16be") return { width: 1, at: (place) => bytes[place] };
  const [low, high] = encoding === "utf-16le" ? [0, 1] : [1, 0];
  const at = (place: number) =>
    place + 1 < bytes.length ? (bytes[place + low] ?? 0) + 256 * (bytes[place + high] ?? 0) : undefined;
  return { width: 2, at };
}

/** Finds where the line that begins here ends, and where the next one begins. Undefined: not within these bytes. */
function lineAt({ width, at }: Units, length: number, from: number, isEnd: boolean) {
  let end = from;
  let unit = at(end);
  while (unit !== undefined && unit !== LINE_FEED && unit !== CARRIAGE_RETURN) {
    end += width;
    unit = at(end);
  }
  const isPair = unit === CARRIAGE_RETURN && at(end + width) === LINE_FEED;
  const next = end + (isPair ? 2 : 1) * width;
  // Whether a carriage return is the whole line end depends on the unit behind it.
  const isWhole = unit === LINE_FEED || isPair || (unit === CARRIAGE_RETURN && at(next) !== undefined);
  if (!isWhole && !isEnd) return undefined;
  return { end: unit === undefined ? length : end, next: Math.min(next, length) };
}

/** Why the encoding is not known. */
export type UnknownEncoding = "looks_like_utf16le" | "looks_like_utf16be" | "not_utf16" | "unknown_encoding";

const MARKS: readonly (readonly [Encoding | "unknown_encoding", readonly number[]])[] = [
  // UTF-32 begins like UTF-16: it comes first.
  ["unknown_encoding", [0xff, 0xfe, 0, 0]],
  ["unknown_encoding", [0, 0, 0xfe, 0xff]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
  // GB 18030 is GBK with all other characters of Unicode besides, and has a mark of its own.
  ["gbk", [0x84, 0x31, 0x95, 0x33]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * Finds the encoding of a file by its first bytes: by its byte order mark, otherwise as the operator says. UTF-16 and
 * UTF-32 without a mark are not guessed but named in the refusal. `mark`: bytes that are not part of the text. Programs
 * that join files may write the mark twice.
 */
export function encodingOf(first: Uint8Array, asked: Encoding): { encoding: Encoding; mark: number } | UnknownEncoding {
  for (const [encoding, mark] of MARKS) {
    const isAt = (from: number): boolean => mark.every((byte, at) => first[from + at] === byte);
    if (!isAt(0)) continue;
    if (encoding === "unknown_encoding") return encoding;
    let length = mark.length;
    while (isAt(length)) length += mark.length;
    return { encoding, mark: length };
  }
  return unlike(first.subarray(0, 1_000), asked) ?? { encoding: asked, mark: 0 };
}

/**
 * Says what the bytes look like, if that is not the encoding that the operator says. Each line end of UTF-16 has a zero
 * byte.
 */
function unlike(bytes: Uint8Array, asked: Encoding): UnknownEncoding | undefined {
  const wide = wideEncodingOf(bytes);
  if (asked === "utf-8" || asked === "gbk") return wide;
  if (bytes.length > 0 && !bytes.includes(0)) return "not_utf16";
  return wide === `looks_like_${asked.replace("-", "")}` ? undefined : wide;
}

/**
 * Finds UTF-16 and UTF-32 by their zero bytes. No text in UTF-8 or GBK has one. Latin letters have one in UTF-16 and
 * three in UTF-32; all other letters have at least one in UTF-32.
 */
function wideEncodingOf(bytes: Uint8Array): UnknownEncoding | undefined {
  const zeros: [number, number, number, number] = [0, 0, 0, 0];
  bytes.forEach((byte, at) => {
    if (byte === 0) zeros[at & 3] = (zeros[at & 3] ?? 0) + 1;
  });
  const [first, second, third, fourth] = zeros;
  const characters = Math.floor(bytes.length / 4);
  const isWide = (some: number, others: number): boolean => characters > 0 && Math.min(some, others) >= characters;
  if (isWide(third, fourth) || isWide(first, second)) return "unknown_encoding";
  const [even, odd] = [first + third, second + fourth];
  if (even + odd <= 2 || Math.min(even, odd) * 3 >= even + odd) return undefined;
  return odd > even ? "looks_like_utf16le" : "looks_like_utf16be";
}
