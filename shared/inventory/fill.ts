import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { type Db, transact, type Writes } from "../aws/dynamo.ts";
import { NEVER } from "../kernel/clock.ts";
import { Fault } from "../kernel/fault.ts";
import { sha256 } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import type { RefusedLine } from "../stock-files/refusals.ts";
import type { Marks } from "./fingerprints.ts";
import { chunksOf, firstOfEach } from "./marked-codes.ts";
import { markWrites, readMarks, sameAs } from "./marks.ts";
import { type Slot, type Ticket, ticketFor } from "./model.ts";
import type { FilledSlab } from "./open-for-sale.ts";
import { slots } from "./stored.ts";
import { slotKey } from "./table.ts";

/**
 * What an import did. `imported`: codes that are new in stock. `present`: codes that an earlier run of this very file
 * has put there.
 */
export type ImportReport = { imported: number; present: number; refused: RefusedLine[] };

/** Where codes are put: a batch of a product, or one part of a large batch. */
export type Into = {
  productId: string;
  batchId: string;
  part: string;
  dryRun: boolean;
  isDone: boolean;
  /** What each code has cost us. */
  unitCost?: Money | undefined;
  /** A condition check that is part of each write: if it fails, nothing more is put in. */
  onlyWhile?: Fence;
};
type Fence = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/**
 * The report and the filled slabs; or `stopped`: the condition check failed. The process that made it fail knows what
 * to do.
 */
export type PutIn = { report: ImportReport; slabs: FilledSlab[] } | "stopped";

/** A line of a file by its marks: in its product and, where it is compared so, in the whole shop. */
export type KnownLine = { line: number; expiresAt: string; shop?: Marks } & Marks;

/** The content of a slot. It needs not to be readable here. */
export type SealedCode = KnownLine & Pick<Slot, "codeId" | "sealed" | "dataKey" | "hint">;

/**
 * Puts codes into slabs, one slab for each expiry, not on sale yet. A slab is named by batch, part and expiry: the same
 * codes, put in again after a crash or by another worker, are found there. `seal` is called for the codes that are new.
 */
export async function putSealed<C extends KnownLine>(
  deps: Db<"inventory">,
  into: Into,
  lines: readonly C[],
  seal: (codes: C[]) => Promise<SealedCode[]>,
): Promise<PutIn> {
  const report: ImportReport = { imported: 0, present: 0, refused: [] };
  const { first, repeats } = firstOfEach(lines);
  for (const { line } of repeats) report.refused.push({ line, reason: "duplicate_in_file" });
  const slabs: FilledSlab[] = [];
  for (const [expiresAt, codes] of Map.groupBy(first, (code) => code.expiresAt)) {
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
 * Makes the condition checks by which these slabs can be noted: none of them holds more codes than were counted.
 * Another worker may have put in a code that this one took for a duplicate, because another import removed it in
 * between.
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

/** Puts the new codes behind those already in the slab. Returns how many the slab then holds. */
async function fillSlab<C extends KnownLine>(
  filling: Filling,
  codes: C[],
  seal: (codes: C[]) => Promise<SealedCode[]>,
): Promise<number | "stopped"> {
  const { into, report } = filling;
  const { fresh, present } = await sorted(filling, codes);
  if (into.isDone) {
    // Its ranges are on sale already. A line that is read differently today belongs into another file.
    for (const { line } of fresh) report.refused.push({ line, reason: "after_import" });
    return 0;
  }
  if (into.dryRun) {
    report.imported += fresh.length;
    return 0;
  }
  let next = present;
  for (const chunk of chunksOf(into.productId, fresh, into.onlyWhile === undefined ? 0 : 1)) {
    const written = await putChunk(filling, await seal(chunk), next);
    if (written === "stopped") return "stopped";
    next += written;
  }
  return next;
}

/** Says which codes are new, and how many lie in this slab already. The others are refused, each with its reason. */
async function sorted<C extends KnownLine>(
  { deps, into, slab, report }: Filling,
  codes: readonly C[],
): Promise<{ fresh: C[]; present: number }> {
  const marks = await readMarks(deps, into.productId, codes);
  const fresh: C[] = [];
  let present = 0;
  for (const code of codes) {
    const same = sameAs(marks, into.productId, code);
    if (same === undefined) fresh.push(code);
    else if (same.ticket?.startsWith(`${slab}:`) === true) present += 1;
    else report.refused.push({ line: code.line, ...same.refusal });
  }
  report.present += present;
  return { fresh, present };
}

/** A try fails when another import puts the same codes in, or removes them. */
const TRIES = 5;

/**
 * Puts some codes in, in one transaction of slots and marks. Codes that somebody else put in meanwhile are refused, and
 * the others tried again.
 */
async function putChunk(filling: Filling, chunk: SealedCode[], first: number): Promise<number | "stopped"> {
  const { deps, into, slab, report } = filling;
  const fence = into.onlyWhile === undefined ? [] : [into.onlyWhile];
  let codes = chunk;
  let next = first;
  for (let attempt = 0; codes.length > 0; attempt++) {
    const placed = codes.map((code, index) => ({ code, ticket: ticketFor(slab, next + index) }));
    const writes = [
      ...placed.map(({ code, ticket }) => slotWrite(filling, code, ticket)),
      ...markWrites(deps, into.productId, placed),
    ];
    const written = await transact(deps.db, [...writes, ...fence]);
    if (written.ok) {
      report.imported += codes.length;
      return next + codes.length - first;
    }
    if (written.failed.includes(writes.length)) return "stopped";
    // Another import has one of these codes, or the same file is imported twice: look where they are.
    const { fresh, present } = await sorted(filling, codes);
    const isTaken = written.failed.some((index) => index < placed.length);
    if (fresh.length === codes.length && (isTaken || attempt === TRIES))
      throw new Fault("slab_contended", `slab ${slab} is being filled by another run of this import`);
    next += present;
    codes = fresh;
  }
  return next - first;
}

function slotWrite({ deps, into }: Filling, code: SealedCode, ticket: Ticket): Writes[number] {
  const { productId, batchId, unitCost } = into;
  const { codeId, sealed, dataKey, hint, fingerprint, expiresAt } = code;
  const item = slots.write(slotKey(ticket), {
    state: "available",
    productId,
    batchId,
    codeId,
    sealed,
    dataKey,
    ...(hint === undefined ? {} : { hint }),
    fingerprint,
    ...(expiresAt === NEVER ? {} : { expiresAt }),
    ...(unitCost === undefined ? {} : { cost: unitCost }),
  });
  return {
    Put: { TableName: deps.tables.inventory, Item: item, ConditionExpression: "attribute_not_exists(pk)" },
  };
}
