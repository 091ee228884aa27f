import type { Db } from "../aws/dynamo.ts";
import { type EventDeps, emit } from "../events/emit.ts";
import type { ImportLine, RefusedLine } from "../inventory/csv.ts";
import { type ImportDeps, putCodes } from "../inventory/import.ts";
import { NEVER } from "../inventory/model.ts";
import { type FilledSlab, openForSale } from "../inventory/open-for-sale.ts";
import { LIMITS } from "../kernel/limits.ts";
import { deleteFile, type FileDeps, readBytes } from "./files.ts";
import { Generation, generator } from "./generate.ts";
import { Layout, reader } from "./layout.ts";
import type { LargeImport } from "./model.ts";
import { linesIn, withoutMark } from "./segments.ts";
import { allSegments, moveImport, noteSegment, readImport, whileAtSegment } from "./table.ts";
import { undoImport } from "./undo.ts";

export type RunDeps = ImportDeps & FileDeps & EventDeps & Db<"platform">;

/**
 * Goes on with an import until it is over, or `hasTime` says no: then there is more to do. A segment is put into slabs of its
 * own and noted; who dies in between does it again, and finds its codes where they are. Codes go on sale when all of them
 * are in. Safe to run any number of times, at once, from any state.
 */
export async function runImport(deps: RunDeps, importId: string, hasTime: () => boolean): Promise<"over" | "more"> {
  for (;;) {
    const current = await readImport(deps, importId);
    if (current?.state === "cancelling") {
      await undoImport(deps, current);
      return "over";
    }
    if (current?.state !== "running") return "over";
    if (current.bytesDone >= (current.bytes ?? 0)) {
      await finish(deps, current);
      return "over";
    }
    if (!hasTime()) return "more";
    await doSegment(deps, current);
  }
}

/** Some codes, what was refused of their lines, and how far that goes. */
type Taken = { codes: ImportLine[]; refused: RefusedLine[]; header: string; bytesDone: number; lines: number };

async function doSegment(deps: RunDeps, current: LargeImport): Promise<void> {
  const { importId, productId, batchId, dryRun, segments } = current;
  const taken = current.generation === undefined ? await fromFile(deps, current) : await fromChance(deps, current);
  if (typeof taken === "string") return fail(deps, importId, taken);
  const { codes, refused, header, bytesDone, lines } = taken;
  const begun = { part: String(segments), expiries: [...new Set(codes.map(({ expiresAt }) => expiresAt))] };
  if ((await moveImport(deps, importId, ["running"], { state: "running", header, begun })) === undefined) return;
  const onlyWhile = whileAtSegment(deps, current);
  const put = await putCodes(deps, { productId, batchId, part: begun.part, dryRun, isDone: false, onlyWhile }, codes);
  if (put === "stopped") return;
  const { report, slabs } = put;
  const every = [...refused, ...report.refused].sort((a, b) => a.line - b.line);
  const done = { number: segments, slabs, imported: report.imported + report.present, refused: every };
  await noteSegment(deps, current, done, { bytesDone, lines });
}

/** The next lines of the file; or why it can't be read any further. */
async function fromFile(deps: RunDeps, current: LargeImport): Promise<Taken | string> {
  const { importId, layout = Layout.parse({}), bytes = 0, bytesDone, segments, linesDone } = current;
  const read = await readBytes(deps, importId, bytesDone, LIMITS.segmentBytes);
  const isEnd = bytesDone + read.length >= bytes;
  const lines = linesIn(read, layout.encoding, isEnd, LIMITS.segmentLines);
  if (lines === undefined) return "line_too_long";
  const texts = lines.texts.map((text, index) => (segments + index === 0 ? withoutMark(text) : text));
  const hasHeader = layout.format === "csv" && layout.header;
  const header = current.header ?? (hasHeader ? (texts[0] ?? "") : "");
  const readLine = reader(layout, header);
  if (readLine === undefined) return "no_secret_column";
  if (linesDone + texts.length > LIMITS.uploadLines + 1) return "too_many_lines";
  const codes: ImportLine[] = [];
  const refused: RefusedLine[] = [];
  const expiries = new Set<string>();
  texts.forEach((text, index) => {
    const line = linesDone + index + 1;
    if (hasHeader && line === 1) return;
    const code = readLine(text, deps.clock());
    if ("reason" in code) refused.push({ line, reason: code.reason });
    else if (!expiries.has(code.expiresAt) && expiries.size === LIMITS.importExpiries)
      refused.push({ line, reason: "too_many_expiries" });
    else {
      expiries.add(code.expiresAt);
      codes.push({ line, ...code });
    }
  });
  return { codes, refused, header, bytesDone: bytesDone + lines.bytes, lines: texts.length };
}

/** The next of our own codes. One of them is one byte, as far as progress is concerned. */
async function fromChance(deps: RunDeps, { importId, generation, linesDone }: LargeImport): Promise<Taken> {
  const { template, count } = Generation.parse(generation);
  const codeAt = await generator(deps, importId, template);
  const lines = Math.min(LIMITS.segmentLines, count - linesDone);
  const codes = Array.from({ length: lines }, (_, index): ImportLine => {
    const line = linesDone + index + 1;
    return { line, number: undefined, secret: codeAt(line), expiresAt: NEVER };
  });
  return { codes, refused: [], header: "", bytesDone: linesDone + lines, lines };
}

async function fail(deps: RunDeps, importId: string, reason: string): Promise<void> {
  // Segments may be in already: an import that failed is undone like one that was cancelled.
  await moveImport(deps, importId, ["running"], { state: "cancelling", reason });
}

/** On sale, all at once; then it is finished, and told; then the file is gone. Each may be repeated. */
async function finish(deps: RunDeps, current: LargeImport): Promise<void> {
  const { importId, productId, batchId, dryRun } = current;
  if (!dryRun) {
    const slabs: FilledSlab[] = [];
    for await (const segment of allSegments(deps, importId)) slabs.push(...segment.slabs);
    await openForSale(deps, { batchId, productId, slabs });
  }
  const at = deps.clock().toISOString();
  await emit(deps, { type: "import.finished", occasion: importId, at, facts: { productId, importId } });
  await deleteFile(deps, importId);
  await moveImport(deps, importId, ["running"], { state: "finished", finishedAt: at });
}
