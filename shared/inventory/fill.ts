import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { type Db, type Item, transact } from "../aws/dynamo.ts";
import { sha256 } from "../kernel/ids.ts";
import type { RefusedLine } from "./csv.ts";
import { readFingerprints } from "./fingerprints.ts";
import { NEVER, type Slot, type Ticket, ticketFor } from "./model.ts";
import type { FilledSlab } from "./open-for-sale.ts";
import { fingerprintKey, slotKey } from "./table.ts";

/** `imported`: new in stock. `present`: already there from an earlier run of this very file. */
export type ImportReport = { imported: number; present: number; refused: RefusedLine[] };

/** Where codes go: a batch of a product, or one part of a large one. */
export type Into = {
  productId: string;
  batchId: string;
  part: string;
  dryRun: boolean;
  isDone: boolean;
  /** A look that each write takes with it: where it fails, nothing more is put in. */
  onlyWhile?: Fence;
};
type Fence = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** What came of it; or the fence stopped it, and whoever moved the fence knows what is to be done. */
export type PutIn = { report: ImportReport; slabs: FilledSlab[] } | "stopped";

/** A line of a file, known by its fingerprint. */
export type KnownLine = { line: number; expiresAt: string; fingerprint: string };

/** What goes into a slot. Nobody has to be able to read it for that. */
export type SealedCode = KnownLine & Pick<Slot, "codeId" | "sealed" | "dataKey" | "hint">;

/** A transaction holds 100 writes; each code is two, its slot and its fingerprint, and the fence is one. */
const CODES_PER_TRANSACTION = 49;

/**
 * Puts codes into slabs, one for each expiry, not yet on sale. A slab is named by its batch, part and expiry: the same codes
 * put there again, after a crash or by somebody else, are found there. `seal` is asked for the codes that are new.
 */
export async function putSealed<C extends KnownLine>(
  deps: Db<"inventory">,
  into: Into,
  lines: readonly C[],
  seal: (codes: C[]) => Promise<SealedCode[]>,
): Promise<PutIn> {
  const report: ImportReport = { imported: 0, present: 0, refused: [] };
  const slabs: FilledSlab[] = [];
  for (const [expiresAt, codes] of Map.groupBy(withoutRepeats(lines, report.refused), (code) => code.expiresAt)) {
    const slab = slabNameOf(into.batchId, into.part, expiresAt);
    const count = await fillSlab({ deps, into, slab, report }, codes, seal);
    if (count === "stopped") return "stopped";
    slabs.push({ slab, count, expiresAt });
  }
  return { report, slabs };
}

export const slabNameOf = (batchId: string, part: string, expiresAt: string): string =>
  sha256([batchId, ...(part === "" ? [] : [part]), expiresAt].join("\n")).slice(0, 16);

/**
 * A look that whoever notes these slabs takes with it: none of them holds more than was counted. Another worker may have put in
 * a code that this one took for a duplicate, because another import let go of it in between.
 */
export const endOfSlabs = ({ tables }: Db<"inventory">, slabs: readonly FilledSlab[]): Fence[] =>
  slabs.map(({ slab, count }) => ({
    ConditionCheck: {
      TableName: tables.inventory,
      Key: slotKey(ticketFor(slab, count)),
      ConditionExpression: "attribute_not_exists(pk)",
    },
  }));

type Filling = { deps: Db<"inventory">; into: Into; slab: string; report: ImportReport };

const fingerprintsOf = (codes: readonly KnownLine[]): string[] => codes.map(({ fingerprint }) => fingerprint);

/** Puts the codes that are nowhere yet behind those already in the slab; returns how many the slab then holds. */
async function fillSlab<C extends KnownLine>(
  filling: Filling,
  codes: C[],
  seal: (codes: C[]) => Promise<SealedCode[]>,
): Promise<number | "stopped"> {
  const { deps, into, slab, report } = filling;
  const known = await readFingerprints(deps, into.productId, fingerprintsOf(codes));
  const isOurs = (code: C): boolean => known.get(code.fingerprint)?.startsWith(`${slab}:`) === true;
  const present = codes.filter(isOurs).length;
  const fresh = codes.filter((code) => !known.has(code.fingerprint));
  for (const code of codes)
    if (known.has(code.fingerprint) && !isOurs(code)) report.refused.push({ line: code.line, reason: "duplicate" });
  report.present += present;
  if (into.isDone) {
    // Its ranges are on sale as they are; a line that reads differently today belongs into a file of its own.
    for (const { line } of fresh) report.refused.push({ line, reason: "after_import" });
    return 0;
  }
  if (into.dryRun) {
    report.imported += fresh.length;
    return 0;
  }
  let next = present;
  for (let at = 0; at < fresh.length; at += CODES_PER_TRANSACTION) {
    const written = await putChunk(filling, await seal(fresh.slice(at, at + CODES_PER_TRANSACTION)), next);
    if (written === "stopped") return "stopped";
    next += written;
  }
  return next;
}

/** One transaction of slots and fingerprints. Somebody else's code in between is refused and the rest tried again. */
async function putChunk(filling: Filling, chunk: SealedCode[], first: number): Promise<number | "stopped"> {
  const { deps, into, slab, report } = filling;
  const fence = into.onlyWhile === undefined ? [] : [into.onlyWhile];
  let codes = chunk;
  let next = first;
  while (codes.length > 0) {
    const from = next;
    const writes = codes.flatMap((code, index) => codeWrites(filling, code, ticketFor(slab, from + index)));
    const written = await transact(deps.db, [...writes, ...fence]);
    if (written.ok) {
      report.imported += codes.length;
      return next + codes.length - first;
    }
    if (written.failed.includes(writes.length)) return "stopped";
    // Another import wrote one of these codes, or the same file is being imported twice: look where they went.
    const known = await readFingerprints(deps, into.productId, fingerprintsOf(codes));
    const beside = codes.filter((code) => known.get(code.fingerprint)?.startsWith(`${slab}:`) === true);
    for (const code of codes)
      if (known.has(code.fingerprint) && !beside.includes(code))
        report.refused.push({ line: code.line, reason: "duplicate" });
    report.present += beside.length;
    next += beside.length;
    const unwritten = codes.filter((code) => !known.has(code.fingerprint));
    if (unwritten.length === codes.length)
      throw new Error(`slab ${slab} is being filled by another run of this import`);
    codes = unwritten;
  }
  return next - first;
}

function codeWrites({ deps, into }: Filling, code: SealedCode, ticket: Ticket) {
  const { productId, batchId } = into;
  const { line: _line, expiresAt, ...stored } = code;
  const slot: Item = {
    ...slotKey(ticket),
    state: "available",
    productId,
    batchId,
    ...stored,
    expiresAt: expiresAt === NEVER ? undefined : expiresAt,
  };
  const fingerprint: Item = { ...fingerprintKey(productId, code.fingerprint), ticket, codeId: code.codeId };
  return [slot, fingerprint].map((item) => ({
    Put: { TableName: deps.tables.inventory, Item: item, ConditionExpression: "attribute_not_exists(pk)" },
  }));
}

function withoutRepeats<C extends KnownLine>(lines: readonly C[], refused: RefusedLine[]): C[] {
  const seen = new Set<string>();
  return lines.filter(({ line, fingerprint }) => {
    const isRepeat = seen.has(fingerprint);
    if (isRepeat) refused.push({ line, reason: "duplicate_in_file" });
    seen.add(fingerprint);
    return !isRepeat;
  });
}
