import type { ImportLine, RefusedLine } from "../inventory/csv.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Layout, reader } from "./layout.ts";
import { linesIn, withoutMark } from "./segments.ts";

/** Bytes of a file, from here on: as many as asked for or as there are. */
export type ReadBytes = (from: number, length: number) => Promise<Uint8Array>;

/** How far a file has been read, and its first line if anything has been. */
export type Place = { bytes: number; bytesDone: number; linesDone: number; header?: string };

/** Why a file can't be read any further. */
export type Unreadable = "no_secret_column" | "line_too_long" | "too_many_lines";

/** What a segment of a file says: of each line a code, or why it has none. A header says nothing. */
export type LinesRead = { found: (ImportLine | RefusedLine)[]; header: string; bytesDone: number; lines: number };

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
  const lines = linesIn(chunk, layout.encoding, bytesDone + chunk.length >= bytes, LIMITS.segmentLines);
  if (lines === undefined) return "line_too_long";
  const texts = lines.texts.map((text, index) => (linesDone + index === 0 ? withoutMark(text) : text));
  const hasHeader = layout.format === "csv" && layout.header;
  const header = place.header ?? (hasHeader ? (texts[0] ?? "") : "");
  const readLine = reader(layout, header);
  if (readLine === undefined) return "no_secret_column";
  if (linesDone + texts.length > LIMITS.uploadLines + 1) return "too_many_lines";
  const found = texts.flatMap((text, index) => {
    const line = linesDone + index + 1;
    return hasHeader && line === 1 ? [] : [{ line, ...readLine(text, now) }];
  });
  return { found, header, bytesDone: bytesDone + lines.bytes, lines: texts.length };
}
