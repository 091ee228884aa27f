import type { FilledSlab } from "../inventory/open-for-sale.ts";
import type { Money } from "../kernel/money.ts";
import type { Encoding, Layout, Places } from "../stock-files/layout.ts";
import type { RefusedLine } from "../stock-files/refusals.ts";
import type { GENERATION_KEY, Generation } from "./generate.ts";

/**
 * `awaiting_file`: its upload address is out · `running` · `opening`: all of it is in and goes on sale, too late to cancel ·
 * `finished`: all of it is on sale, or counted for a dry run · `cancelling`: what was put in is being taken out ·
 * `cancelled` · `failed`: the file can't be read at all.
 */
export const IMPORT_STATES = [
  "awaiting_file",
  "running",
  "opening",
  "finished",
  "cancelling",
  "cancelled",
  "failed",
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** Tells whether a worker is at work on the import, or should be. */
export const isAtWork = (state: string): boolean => ["running", "opening", "cancelling"].includes(state);

/** The import of a large file. Work counts only when it is noted here, a segment at a time. */
export type LargeImport = {
  importId: string;
  productId: string;
  /** All that it imports is one batch, whatever the number of its segments. */
  batchId: string;
  /** Where the codes come from: an uploaded file with this layout, a file that was sealed before, or our own making. */
  layout?: Layout;
  sealed?: true;
  generation?: Generation;
  /** The key that its codes come from. Absent: the key of fingerprints, as in generations of an earlier version. */
  madeWith?: typeof GENERATION_KEY;
  dryRun: boolean;
  /** What each code has cost us. */
  unitCost?: Money;
  /** The supplier that is owed their cost. */
  supplierId?: string;
  /** The product's codes may be in stock of other products too. */
  sharesCodes?: true;
  state: ImportState;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  /** Bytes of the file; for a generation, codes. */
  bytes?: number;
  /** The content of the file when the import was started. Nothing else is read. */
  etag?: string;
  /**
   * What the file's beginning told. A worker that goes on in the middle must know it. `places`: of an earlier version.
   */
  beginning?: { encoding: Encoding; places?: Places };
  places?: Places;
  /**
   * The segment that was begun last, and the expiries of its codes. These name the slabs that it may have written to.
   */
  begun?: { part: string; expiries: string[] };
  /** What is done: segments, bytes and lines. */
  segments: number;
  bytesDone: number;
  linesDone: number;
  /** Lines that were not empty. Only these count towards the limit. */
  rowsDone?: number;
  /** A quote is open at the end of the last segment. */
  isQuoted?: boolean;
  imported: number;
  refused: number;
  reason?: string;
  /** The positions of the wrong columns. */
  reasonAt?: number[];
};

/** The result of one segment. */
export type Segment = { number: number; slabs: FilledSlab[]; imported: number; refused: RefusedLine[] };

/** Gives an import's progress for operators. Rates are over the whole run so far. */
export function progressOf(
  { bytes = 0, bytesDone, linesDone, startedAt, finishedAt, state }: LargeImport,
  now: Date,
): { percent: number; linesPerSecond: number; remainingSeconds: number | null } {
  const end = finishedAt === undefined ? now : new Date(finishedAt);
  const seconds = startedAt === undefined ? 0 : (end.getTime() - Date.parse(startedAt)) / 1000;
  const percent = state === "finished" ? 100 : bytes === 0 ? 0 : Math.floor((100 * bytesDone) / bytes);
  const isMoving = state === "running" && bytesDone > 0 && seconds > 0;
  return {
    percent,
    linesPerSecond: seconds > 0 ? Math.round(linesDone / seconds) : 0,
    remainingSeconds: isMoving ? Math.ceil(((bytes - bytesDone) * seconds) / bytesDone) : null,
  };
}
