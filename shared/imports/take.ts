import type { ImportLine, RefusedLine } from "../inventory/csv.ts";
import { type Into, type PutIn, putSealed } from "../inventory/fill.ts";
import { type ImportDeps, putCodes } from "../inventory/import.ts";
import { NEVER } from "../inventory/model.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type FileDeps, readBytes } from "./files.ts";
import { Generation, type GeneratorDeps, generator } from "./generate.ts";
import { Layout, type Places } from "./layout.ts";
import type { LargeImport } from "./model.ts";
import { packetReader } from "./packets.ts";
import { type ReadBytes, readLines, type Unreadable } from "./read-lines.ts";
import { linesIn } from "./segments.ts";

type Deps = ImportDeps & FileDeps & GeneratorDeps;

/** A segment that was read: when its codes end, how they are put into stock, what was refused of its lines, how far it goes. */
export type Taken = {
  expiries: string[];
  putInto: (into: Into) => Promise<PutIn>;
  refused: RefusedLine[];
  places?: Places;
  bytesDone: number;
  lines: number;
};

/** The next segment of an import, wherever its codes come from; or why there is none. */
export async function takeNext(deps: Deps, current: LargeImport): Promise<Taken | Unreadable | "bad_packet"> {
  if (current.generation !== undefined) return fromChance(deps, current);
  const { importId, etag } = current;
  const read: ReadBytes = (from, length) => readBytes(deps, importId, etag, from, length);
  return current.sealed === true ? fromPackets(deps, current, read) : fromFile(deps, current, read);
}

/**
 * When codes must not have expired yet: a segment has the same codes whoever reads it, and whenever, or what one worker put in
 * would be none of what another one notes.
 */
const beginOf = ({ startedAt, createdAt }: LargeImport): Date => new Date(startedAt ?? createdAt);

async function fromFile(deps: Deps, current: LargeImport, read: ReadBytes): Promise<Taken | Unreadable> {
  const { layout = Layout.parse({}), bytes = 0 } = current;
  const segment = await readLines(read, layout, { ...current, bytes }, beginOf(current));
  if (typeof segment === "string") return segment;
  const { found, ...progress } = segment;
  const { codes, ...rest } = ofFewExpiries(found);
  return { ...progress, ...rest, putInto: (into) => putCodes(deps, into, codes) };
}

/** Packets of a segment: as many codes as one of a file in the clear. */
const PACKETS = LIMITS.segmentLines / LIMITS.codesPerDataKey;

/** What the operator's machine has sealed. It is put into stock as it came: nobody here could read it. */
async function fromPackets(
  deps: Deps,
  current: LargeImport,
  read: ReadBytes,
): Promise<Taken | Unreadable | "bad_packet"> {
  const { bytes = 0, bytesDone, linesDone } = current;
  const chunk = await read(bytesDone, LIMITS.segmentBytes);
  if (chunk === undefined) return "file_changed";
  const texts = linesIn(chunk, "utf-8", bytesDone + chunk.length >= bytes, PACKETS);
  if (typeof texts === "string") return texts;
  const readPacket = await packetReader(deps, current);
  const found = [];
  let lines = 0;
  for (const text of texts.texts) {
    const packet = readPacket(text, linesDone + lines, beginOf(current));
    if (packet === undefined) return "bad_packet";
    found.push(...packet.found);
    lines += packet.lines;
  }
  if (linesDone + lines > LIMITS.uploadLines + 1) return "too_many_lines";
  const { codes, ...rest } = ofFewExpiries(found);
  const putInto = (into: Into) => putSealed(deps, into, codes, async (fresh) => fresh);
  return { ...rest, putInto, bytesDone: bytesDone + texts.bytes, lines };
}

/** The next of our own codes. One of them is one byte, as far as progress is concerned. */
async function fromChance(deps: Deps, current: LargeImport): Promise<Taken> {
  const { generation, linesDone } = current;
  const { template, count } = Generation.parse(generation);
  const codeAt = await generator(deps, current, template);
  const lines = Math.min(LIMITS.segmentLines, count - linesDone);
  const codes = Array.from({ length: lines }, (_, index): ImportLine => {
    const line = linesDone + index + 1;
    return { line, number: undefined, secret: codeAt(line), expiresAt: NEVER };
  });
  const putInto = (into: Into) => putCodes(deps, into, codes);
  return { expiries: [NEVER], putInto, refused: [], bytesDone: linesDone + lines, lines };
}

/** Each expiry of a segment is a slab of its own: the codes of the first few, and why the other lines have none. */
function ofFewExpiries<C extends { line: number; expiresAt: string }>(
  found: readonly (C | RefusedLine)[],
): { codes: C[]; expiries: string[]; refused: RefusedLine[] } {
  const codes: C[] = [];
  const refused: RefusedLine[] = [];
  const expiries = new Set<string>();
  for (const one of found) {
    if ("reason" in one) refused.push(one);
    else if (!expiries.has(one.expiresAt) && expiries.size === LIMITS.importExpiries)
      refused.push({ line: one.line, reason: "too_many_expiries" });
    else {
      expiries.add(one.expiresAt);
      codes.push(one);
    }
  }
  return { codes, expiries: [...expiries], refused };
}
