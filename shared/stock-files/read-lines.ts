import { LIMITS } from "../kernel/limits.ts";
import { csvReader, type ImportLine, jsonReader, type LineReader } from "./code-line.ts";
import { type BadHeader, type Encoding, type Layout, type Places, placesIn } from "./layout.ts";
import { encodingOf, linesIn, type UnknownEncoding } from "./lines.ts";
import type { RefusedLine } from "./refusals.ts";

/** Bytes of a file, from here on: as many as asked for or as there are; undefined: it is not there any more. */
export type ReadBytes = (from: number, length: number) => Promise<Uint8Array | undefined>;

/**
 * How far a file has been read: bytes, lines, and lines that were not empty. Behind its beginning, what the beginning has told:
 * its encoding and its columns; and whether a quote is open.
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

/** Why a file can't be read any further; `at`: the places of the columns that are to blame. */
export type Unreadable = {
  reason: BadHeader["reason"] | UnknownEncoding | "line_too_long" | "too_many_lines" | "file_changed";
  at?: number[];
};

/** What a segment of a file says: of each line a code, or why it has none. A header and an empty line say nothing. */
export type LinesRead = Required<Pick<Place, "bytesDone" | "rowsDone" | "encoding" | "isQuoted">> & {
  found: (ImportLine | RefusedLine)[];
  places?: Places;
  lines: number;
};

/**
 * Reads the next segment of a file. The importer reads an uploaded file so, the command line one that it seals, and the API one in a
 * request: a line is refused for the same reasons by all of them.
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
  const known =
    place.encoding === undefined ? encodingOf(chunk, layout.encoding) : { encoding: place.encoding, mark: 0 };
  if (typeof known === "string") return { reason: known };
  const { encoding, mark } = known;
  const isEnd = bytesDone + chunk.length >= bytes;
  const lines = linesIn(chunk.subarray(mark), encoding, isEnd, LIMITS.segmentLines);
  if (typeof lines === "string") return { reason: lines };
  const { texts } = lines;
  const isBegin = bytesDone === 0;
  const hasHeader = isBegin && layout.format === "csv" && layout.header;
  const reading = readerFor(layout, place, isBegin ? (texts[0]?.text ?? "") : "");
  if ("reason" in reading) return reading;
  const { reader, ...places } = reading;
  const found = (hasHeader ? texts.slice(1) : texts).flatMap(({ at, text }) => {
    const one = reader.read(text, now);
    return one === undefined ? [] : [{ line: linesDone + at + 1, ...one }];
  });
  if (rowsDone + found.length > LIMITS.uploadLines) return { reason: "too_many_lines" };
  return {
    found,
    ...places,
    encoding,
    bytesDone: bytesDone + mark + lines.bytes,
    lines: lines.lines,
    rowsDone: rowsDone + found.length,
    isQuoted: reader.isQuoted(),
  };
}

/** Only the first line that is not empty can say where the columns are: the segments behind it are told. */
function readerFor(
  layout: Layout,
  { places: known, isQuoted = false }: Place,
  firstLine: string,
): { reader: LineReader; places?: Places } | BadHeader {
  if (layout.format === "ndjson") return { reader: jsonReader(layout) };
  const places = known ?? placesIn(layout, firstLine);
  return "reason" in places ? places : { reader: csvReader(layout, places, isQuoted), places };
}
