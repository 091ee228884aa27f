import { LIMITS } from "../kernel/limits.ts";
import { cut } from "./cells.ts";
import { csvReader, type ImportLine, jsonReader, type LineReader } from "./code-line.ts";
import { isBlank } from "./invisible.ts";
import { type BadHeader, type Encoding, isTwice, type Layout, type Places, placesIn } from "./layout.ts";
import { encodingOf, type Lines, linesIn, type UnknownEncoding } from "./lines.ts";
import type { RefusedLine } from "./refusals.ts";

/** Reads bytes of a file: as many as asked for, or as there are. Undefined: the file is not there any more. */
export type ReadBytes = (from: number, length: number) => Promise<Uint8Array | undefined>;

/**
 * How far a file has been read: bytes, lines, and lines that were not empty. Behind the beginning also what the
 * beginning told (encoding and columns), and whether a quote is open.
 */
export type Place = {
  bytes: number;
  bytesDone: number;
  linesDone: number;
  rowsDone?: number;
  encoding?: Encoding;
  places?: Places;
  isQuoted?: boolean;
};

/** Why a file can't be read any further. `at`: the positions of the wrong columns. */
export type Unreadable = {
  reason: BadHeader["reason"] | UnknownEncoding | "line_too_long" | "too_many_lines" | "file_changed";
  at?: number[];
};

/** A segment of a file: for each line a code, or why it has none. A header and empty lines give nothing. */
export type LinesRead = Required<Pick<Place, "bytesDone" | "rowsDone" | "encoding" | "isQuoted">> & {
  found: (ImportLine | RefusedLine)[];
  places?: Places;
  lines: number;
};

/**
 * Reads the next segment of a file. The importer reads uploaded files so, the command line files that it seals, and the
 * API files in requests: all refuse a line for the same reasons.
 */
export async function readLines(
  read: ReadBytes,
  layout: Layout,
  place: Place,
  now: Date,
): Promise<LinesRead | Unreadable> {
  const { bytes, bytesDone, linesDone, rowsDone = linesDone } = place;
  const chunk = await read(bytesDone, LIMITS.segmentBytes);
  if (chunk === undefined) return { reason: "file_changed" };
  const known = encodingAt(chunk, layout, place);
  if (typeof known === "string") return { reason: known };
  const { encoding, mark } = known;
  const isEnd = bytesDone + chunk.length >= bytes;
  const lines = linesIn(chunk.subarray(mark), encoding, isEnd, LIMITS.segmentLines);
  if (typeof lines === "string") return { reason: lines };
  const { texts } = lines;
  const progress = { encoding, bytesDone: bytesDone + mark + lines.bytes, lines: lines.lines };
  const first = headerAmong(texts, layout, place);
  const isBefore = layout.format === "csv" && layout.header && place.places === undefined && first === -1;
  if (isBefore && !isEnd) return { ...progress, found: [], rowsDone, isQuoted: false };
  const reading = readerFor(layout, place, texts[first]);
  if ("reason" in reading) return reading;
  const { reader, ...places } = reading;
  const found = texts.slice(first + 1).flatMap(({ at, text }) => {
    const one = reader.read(text, now);
    return one === undefined ? [] : [{ line: linesDone + at + 1, ...one }];
  });
  if (rowsDone + found.length > LIMITS.uploadLines) return { reason: "too_many_lines" };
  return {
    ...progress,
    found,
    ...places,
    rowsDone: rowsDone + found.length,
    isQuoted: reader.isQuoted(),
  };
}

/**
 * Finds the encoding. The mark stands at the beginning also when the segment is read again and the encoding is known.
 */
function encodingAt(chunk: Uint8Array, layout: Layout, { encoding, bytesDone }: Place): ReturnType<typeof encodingOf> {
  if (encoding === undefined) return encodingOf(chunk, layout.encoding);
  const again = bytesDone === 0 ? encodingOf(chunk, encoding) : undefined;
  return typeof again === "object" && again.encoding === encoding ? again : { encoding, mark: 0 };
}

/**
 * Finds the header among these texts; -1: none. It is the first line that has something besides separators. A segment
 * may be read again when the columns are known: then they say where the header stands. (An earlier version always read
 * it first.)
 */
function headerAmong(texts: Lines["texts"], layout: Layout, { places, bytesDone, linesDone }: Place): number {
  if (layout.format !== "csv" || !layout.header) return -1;
  const isUnknown = places === undefined || (places.headerLine === undefined && bytesDone === 0);
  if (isUnknown) return texts.findIndex(({ text }) => cut(text, layout).cells?.every(isBlank) !== true);
  return texts.findIndex(({ at }) => linesDone + at + 1 === places.headerLine);
}

/** Makes the reader of the lines. Only the header says where the columns are; later segments are told. */
function readerFor(
  layout: Layout,
  { places: known, isQuoted = false, linesDone }: Place,
  header: Lines["texts"][number] | undefined,
): { reader: LineReader; places?: Places } | BadHeader {
  if (layout.format === "ndjson")
    return isTwice(layout) ? { reason: "column_twice", at: [] } : { reader: jsonReader(layout) };
  const places = known ?? placesIn(layout, header?.text ?? "");
  if ("reason" in places) return places;
  const told = header === undefined ? places : { ...places, headerLine: linesDone + header.at + 1 };
  return { reader: csvReader(layout, told, isQuoted), places: told };
}
