import type { ImportLine, RefusedLine } from "../inventory/csv.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type BadHeader, cellReader, jsonReader, type Layout, type Places, placesIn, type ReadLine } from "./layout.ts";
import { linesIn, withoutMark } from "./segments.ts";

/** Bytes of a file, from here on: as many as asked for or as there are; undefined: it is not there any more. */
export type ReadBytes = (from: number, length: number) => Promise<Uint8Array | undefined>;

/** How far a file has been read, and where its columns are if anything has been. */
export type Place = { bytes: number; bytesDone: number; linesDone: number; places?: Places };

/** Why a file can't be read any further. */
export type Unreadable = BadHeader | "line_too_long" | "too_many_lines" | "file_changed";

/** What a segment of a file says: of each line a code, or why it has none. A header says nothing. */
export type LinesRead = { found: (ImportLine | RefusedLine)[]; places?: Places; bytesDone: number; lines: number };

/**
 * Reads the next segment of a file. The importer reads an uploaded file so, and the command line one that it seals: a line is
 * refused for the same reasons by both.
 */
export async function readLines(
  read: ReadBytes,
  layout: Layout,
  place: Place,
  now: Date,
): Promise<LinesRead | Unreadable> {
  const { bytes, bytesDone, linesDone } = place;
  const chunk = await read(bytesDone, LIMITS.segmentBytes);
  if (chunk === undefined) return "file_changed";
  const lines = linesIn(chunk, layout.encoding, bytesDone + chunk.length >= bytes, LIMITS.segmentLines);
  if (typeof lines === "string") return lines;
  const texts = lines.texts.map((text, index) => (linesDone + index === 0 ? withoutMark(text) : text));
  const hasHeader = layout.format === "csv" && layout.header;
  if (linesDone + texts.length > LIMITS.uploadLines + (hasHeader ? 1 : 0)) return "too_many_lines";
  const reading = readerFor(layout, place.places, texts[0] ?? "");
  if (typeof reading === "string") return reading;
  const { readLine, ...places } = reading;
  const found = texts.flatMap((text, index) => {
    const line = linesDone + index + 1;
    return hasHeader && line === 1 ? [] : [{ line, ...readLine(text, now) }];
  });
  return { found, ...places, bytesDone: bytesDone + lines.bytes, lines: texts.length };
}

/** Whoever goes on in the middle is told where the columns are: only the first line of a file can say it. */
function readerFor(
  layout: Layout,
  known: Places | undefined,
  firstLine: string,
): { readLine: ReadLine; places?: Places } | BadHeader {
  if (layout.format === "ndjson") return { readLine: jsonReader(layout) };
  const places = known ?? placesIn(layout, firstLine);
  return typeof places === "string" ? places : { readLine: cellReader(layout, places), places };
}
