import type { Db } from "../aws/dynamo.ts";
import { type EventDeps, emit } from "../events/emit.ts";
import type { ImportDeps } from "../inventory/import.ts";
import { type FilledSlab, openForSale } from "../inventory/open-for-sale.ts";
import type { ImportEvent } from "./events.ts";
import { deleteFile, type FileDeps } from "./files.ts";
import type { GeneratorDeps } from "./generate.ts";
import type { LargeImport } from "./model.ts";
import {
  allSegments,
  beginSegment,
  endSegments,
  moveImport,
  noteSegment,
  readImport,
  whileAtSegment,
} from "./table.ts";
import { type Failure, takeNext } from "./take.ts";
import { undoImport } from "./undo.ts";

export type RunDeps = ImportDeps & FileDeps & EventDeps & GeneratorDeps & Db<"operations">;

/**
 * Goes on with an import until it is over, or `hasTime` says no: then there is more to do. A segment is put into slabs
 * of its own and noted. If the worker dies in between, the segment is done again, and its codes are found where they
 * are. Codes go on sale when all of them are in. Idempotent, safe to run concurrently, from any state, and safe to
 * interrupt.
 */
export async function runImport(deps: RunDeps, importId: string, hasTime: () => boolean): Promise<"over" | "more"> {
  for (;;) {
    const current = await readImport(deps, importId);
    if (current?.state === "cancelling") return undoImport(deps, current, hasTime);
    if (current?.state === "opening") {
      await finish(deps, current);
      return "over";
    }
    if (current?.state !== "running") return "over";
    if (current.bytesDone >= (current.bytes ?? 0)) {
      // From here on nobody can cancel it: codes on sale must not be taken out.
      await moveImport(deps, importId, ["running"], { state: "opening" });
      continue;
    }
    if (!hasTime()) return "more";
    await doSegment(deps, current);
  }
}

async function doSegment(deps: RunDeps, current: LargeImport): Promise<void> {
  const { importId, productId, batchId, dryRun, unitCost, segments } = current;
  const taken = await takeNext(deps, current);
  if ("reason" in taken) return fail(deps, importId, taken);
  const { expiries, putInto, refused, beginning, progress } = taken;
  const begun = { part: String(segments), expiries };
  if (!(await beginSegment(deps, current, begun, beginning))) return;
  const onlyWhile = whileAtSegment(deps, current);
  const put = await putInto({ productId, batchId, part: begun.part, dryRun, isDone: false, unitCost, onlyWhile });
  if (put === "stopped") return;
  const { report, slabs } = put;
  const every = [...refused, ...report.refused].sort((a, b) => a.line - b.line);
  const done = { number: segments, slabs, imported: report.imported + report.present, refused: every };
  await noteSegment(deps, current, done, progress);
}

async function fail(deps: RunDeps, importId: string, { reason, at }: Failure): Promise<void> {
  // Segments may be in already: a failed import is undone like a cancelled one.
  await moveImport(deps, importId, ["running"], {
    state: "cancelling",
    reason,
    ...(at === undefined ? {} : { reasonAt: at }),
  });
}

/**
 * Finishes an import: all codes go on sale at once, then it is told, then the file is deleted. Each step may be
 * repeated.
 */
async function finish(deps: RunDeps, current: LargeImport): Promise<void> {
  const { importId, productId, batchId, dryRun, unitCost, supplierId } = current;
  if (!dryRun) {
    const slabs: FilledSlab[] = [];
    for await (const segment of allSegments(deps, importId)) slabs.push(...segment.slabs);
    const cost = unitCost === undefined ? undefined : { unitCost, supplierId };
    await openForSale(deps, { batchId, productId, slabs, cost });
  }
  const at = deps.clock().toISOString();
  const event: ImportEvent = { type: "import.finished", occasion: importId, at, facts: { productId, importId } };
  await emit(deps, { subject: importId, events: [event], first: 1 });
  await deleteFile(deps, importId);
  await endSegments(deps, importId, at);
  await moveImport(deps, importId, ["opening"], { state: "finished", finishedAt: at });
}
