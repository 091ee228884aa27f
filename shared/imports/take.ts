import { type Into, type PutIn, putSealed } from "../inventory/fill.ts";
import { type ImportDeps, putCodes } from "../inventory/import.ts";
import { NEVER } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { ImportLine } from "../stock-files/code-line.ts";
import { Layout } from "../stock-files/layout.ts";
import { linesIn } from "../stock-files/lines.ts";
import { ofFewExpiries } from "../stock-files/read-codes.ts";
import { type ReadBytes, readLines, type Unreadable } from "../stock-files/read-lines.ts";
import type { RefusedLine } from "../stock-files/refusals.ts";
import { type FileDeps, readBytes } from "./files.ts";
import { Generation, type GeneratorDeps, generator } from "./generate.ts";
import type { LargeImport } from "./model.ts";
import { packetReader } from "./packets.ts";
import type { Progress } from "./table.ts";

type Deps = ImportDeps & FileDeps & GeneratorDeps;

/**
 * A segment that was read: the expiries of its codes, how they are put into stock, the refused lines, and how far it
 * goes.
 */
export type Taken = {
  expiries: string[];
  putInto: (into: Into) => Promise<PutIn>;
  refused: RefusedLine[];
  beginning?: LargeImport["beginning"];
  progress: Progress;
};

/** Why an import can't go on. */
export type Failure = Unreadable | { reason: "bad_packet"; at?: undefined };

/** Reads the next segment of an import, wherever its codes come from; or says why there is none. */
export async function takeNext(deps: Deps, current: LargeImport): Promise<Taken | Failure> {
  if (current.generation !== undefined) return fromChance(deps, current);
  const { importId, etag } = current;
  const read: ReadBytes = (from, length) => readBytes(deps, importId, etag, from, length);
  return current.sealed === true ? fromPackets(deps, current, read) : fromFile(deps, current, read);
}

/**
 * Gives the time at which codes must not have expired: the start of the import. Every worker must read the same codes in
 * a segment, at any time; otherwise one could note other codes than another one has put in.
 */
const beginOf = ({ startedAt, createdAt }: LargeImport): Date => new Date(startedAt ?? createdAt);

async function fromFile(deps: Deps, current: LargeImport, read: ReadBytes): Promise<Taken | Failure> {
  const { bytes = 0, beginning, sharesCodes } = current;
  const layout = Layout.parse(current.layout ?? {});
  const segment = await readLines(read, layout, { ...current, ...beginning, bytes }, beginOf(current));
  if ("reason" in segment) return segment;
  const { found, encoding, places, ...progress } = segment;
  const { codes, ...rest } = ofFewExpiries(found);
  const told = { encoding, ...(places === undefined ? {} : { places }) };
  const putInto = (into: Into) => putCodes(deps, into, codes, sharesCodes !== true);
  return { ...rest, progress, beginning: told, putInto };
}

/** Packets of a segment: as many codes as a segment in the clear has. */
const PACKETS = LIMITS.segmentLines / LIMITS.codesPerDataKey;

/** Takes a segment of a sealed file. The codes are put into stock as they came: nobody here can read them. */
async function fromPackets(deps: Deps, current: LargeImport, read: ReadBytes): Promise<Taken | Failure> {
  const { bytes = 0, bytesDone, linesDone, rowsDone = linesDone } = current;
  const chunk = await read(bytesDone, LIMITS.segmentBytes);
  if (chunk === undefined) return { reason: "file_changed" };
  const texts = linesIn(chunk, "utf-8", bytesDone + chunk.length >= bytes, PACKETS);
  if (typeof texts === "string") return { reason: texts };
  const readPacket = await packetReader(deps, current);
  const found = [];
  let lines = 0;
  for (const { text } of texts.texts) {
    const packet = readPacket(text, linesDone + lines, beginOf(current));
    if (packet === undefined) return { reason: "bad_packet" };
    found.push(...packet.found);
    lines += packet.lines;
  }
  const progress = { bytesDone: bytesDone + texts.bytes, lines, rowsDone: rowsDone + found.length, isQuoted: false };
  if (progress.rowsDone > LIMITS.uploadLines) return { reason: "too_many_lines" };
  const { codes, ...rest } = ofFewExpiries(found);
  const putInto = (into: Into) => putSealed(deps, into, codes, async (fresh) => fresh);
  return { ...rest, progress, putInto };
}

/** Takes a segment of our own codes. For the progress each code counts as one byte. */
async function fromChance(deps: Deps, current: LargeImport): Promise<Taken> {
  const { generation, linesDone, sharesCodes } = current;
  const { template, count } = Generation.parse(generation);
  const codeAt = await generator(deps, current, template);
  const lines = Math.min(LIMITS.segmentLines, count - linesDone);
  const codes = Array.from({ length: lines }, (_, index): ImportLine => {
    const line = linesDone + index + 1;
    return { line, number: undefined, secret: codeAt(line), expiresAt: NEVER };
  });
  const putInto = (into: Into) => putCodes(deps, into, codes, sharesCodes !== true);
  const done = linesDone + lines;
  const progress = { bytesDone: done, lines, rowsDone: done, isQuoted: false };
  return { expiries: [NEVER], putInto, refused: [], progress };
}
