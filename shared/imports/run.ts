import type { Db } from "../aws/dynamo.ts";
import { type EventDeps, emit } from "../events/emit.ts";
import type { ImportLine, RefusedLine } from "../inventory/csv.ts";
import { type ImportDeps, putCodes } from "../inventory/import.ts";
import { type FilledSlab, openForSale } from "../inventory/open-for-sale.ts";
import { LIMITS } from "../kernel/limits.ts";
import { deleteFile, type FileDeps, readBytes } from "./files.ts";
import { reader } from "./layout.ts";
import type { LargeImport } from "./model.ts";
import { linesIn, withoutMark } from "./segments.ts";
import { allSegments, moveImport, noteSegment, readImport } from "./table.ts";
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

async function doSegment(deps: RunDeps, current: LargeImport): Promise<void> {
  const { importId, layout, bytes = 0, bytesDone, segments, linesDone } = current;
  const read = await readBytes(deps, importId, bytesDone, LIMITS.segmentBytes);
  const isEnd = bytesDone + read.length >= bytes;
  const lines = linesIn(read, layout.encoding, isEnd, LIMITS.segmentLines);
  if (lines === undefined) return fail(deps, importId, "line_too_long");
  const texts =
    segments === 0 ? lines.texts.map((text, index) => (index === 0 ? withoutMark(text) : text)) : lines.texts;
  const hasHeader = layout.format === "csv" && layout.header;
  const header = current.header ?? (hasHeader ? (texts[0] ?? "") : "");
  const readLine = reader(layout, header);
  if (readLine === undefined) return fail(deps, importId, "no_secret_column");
  if (linesDone + texts.length > LIMITS.uploadLines + 1) return fail(deps, importId, "too_many_lines");
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
  const { productId, batchId, dryRun } = current;
  const begun = { part: String(segments), expiries: [...expiries] };
  if ((await moveImport(deps, importId, ["running"], { state: "running", header, begun })) === undefined) return;
  const into = { productId, batchId, part: String(segments), dryRun, isDone: false };
  const { report, slabs } = await putCodes(deps, into, codes);
  const every = [...refused, ...report.refused].sort((a, b) => a.line - b.line);
  const done = { number: segments, slabs, imported: report.imported + report.present, refused: every };
  await noteSegment(deps, current, done, { bytesDone: bytesDone + lines.bytes, lines: texts.length });
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
