import type { KMSClient } from "@aws-sdk/client-kms";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, type Item, transact } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { newId, sha256 } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/problem.ts";
import { type DataKey, newDataKey, seal } from "../secrecy/envelope.ts";
import { codeBinding, codeContext, hintOf } from "./code.ts";
import { type ImportLine, type RefusedLine, readCodes } from "./csv.ts";
import { type FingerprintDeps, fingerprinter, readFingerprints } from "./fingerprints.ts";
import { NEVER, type Ticket, ticketFor } from "./model.ts";
import { type FilledSlab, openForSale } from "./open-for-sale.ts";
import { batchKey, fingerprintKey, slotKey } from "./table.ts";

export type ImportDeps = Db<"inventory"> & FingerprintDeps & { kms: KMSClient; codesKey: string; clock: Clock };

/** `imported`: new in stock. `present`: already there from an earlier run of this very file. */
export type ImportReport = { imported: number; present: number; refused: RefusedLine[] };

/** A transaction holds 100 writes; each code is two, its slot and its fingerprint. */
const CODES_PER_TRANSACTION = 50;

/**
 * Imports a file of codes. A slab is named by the file it came from, and fills without gaps, a transaction at a time, so
 * a crashed import is simply run again: a fingerprint that points into the file's own slab is no duplicate but progress.
 * Codes go on sale only when all of them are in.
 */
export async function importCodes(
  deps: ImportDeps,
  productId: string,
  text: string,
  options: { dryRun: boolean },
): Promise<Result<ImportReport>> {
  const file = readCodes(text, deps.clock());
  if (!file.ok) return file;
  const { lines, refused } = file.value;
  const batchId = `batch_${sha256(`${productId}\n${text}`).slice(0, 20)}`;

  const done = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: batchKey(productId, batchId), ConsistentRead: true }),
  );
  const isDone = done.Item !== undefined;
  const into = { productId, batchId, part: "", dryRun: options.dryRun, isDone };
  const { report, slabs } = await putCodes(deps, into, lines);
  // Listing a finished batch again would bring a sold-out range back into the directory.
  if (!options.dryRun && !isDone) await openForSale(deps, { batchId, productId, slabs });
  const everyRefusal = [...refused, ...report.refused].sort((a, b) => a.line - b.line);
  return ok({ ...report, refused: everyRefusal });
}

/** Where codes go: a batch of a product, or one part of a large one. */
export type Into = { productId: string; batchId: string; part: string; dryRun: boolean; isDone: boolean };

/**
 * Puts codes into slabs, one for each expiry, not yet on sale. A slab is named by its batch, part and expiry: the same codes
 * put there again, after a crash or by somebody else, are found there.
 */
export async function putCodes(
  deps: ImportDeps,
  { productId, batchId, part, dryRun, isDone }: Into,
  lines: ImportLine[],
): Promise<{ report: ImportReport; slabs: FilledSlab[] }> {
  const report: ImportReport = { imported: 0, present: 0, refused: [] };
  const mac = await fingerprinter(deps, productId);
  const slabs: FilledSlab[] = [];
  for (const [expiresAt, codes] of Map.groupBy(withoutRepeats(lines, mac, report.refused), (code) => code.expiresAt)) {
    const slab = slabNameOf(batchId, part, expiresAt);
    const fingerprints = codes.map(({ fingerprint }) => fingerprint);
    const known = await readFingerprints(deps, productId, fingerprints);
    const filling = { deps, productId, batchId, slab, dryRun, isDone };
    slabs.push({ slab, count: await fillSlab(filling, codes, known, report), expiresAt });
  }
  return { report, slabs };
}

export const slabNameOf = (batchId: string, part: string, expiresAt: string): string =>
  sha256([batchId, ...(part === "" ? [] : [part]), expiresAt].join("\n")).slice(0, 16);

type Code = ImportLine & { fingerprint: string };
type Filling = { deps: ImportDeps; productId: string; batchId: string; slab: string; dryRun: boolean; isDone: boolean };

/** Puts the codes that are nowhere yet behind those already in the slab; returns how many the slab then holds. */
async function fillSlab(
  filling: Filling,
  codes: Code[],
  known: Map<string, Ticket>,
  report: ImportReport,
): Promise<number> {
  const { slab, dryRun, isDone } = filling;
  const isOurs = (code: Code): boolean => known.get(code.fingerprint)?.startsWith(`${slab}:`) === true;
  const present = codes.filter(isOurs).length;
  const fresh = codes.filter((code) => !known.has(code.fingerprint));
  for (const code of codes)
    if (known.has(code.fingerprint) && !isOurs(code)) report.refused.push({ line: code.line, reason: "duplicate" });
  report.present += present;
  if (isDone) {
    // Its ranges are on sale as they are; a line that reads differently today belongs into a file of its own.
    for (const { line } of fresh) report.refused.push({ line, reason: "after_import" });
    return 0;
  }
  if (dryRun) {
    report.imported += fresh.length;
    return 0;
  }
  let next = present;
  let dataKey: DataKey | undefined;
  let sealedWithKey = 0;
  for (let at = 0; at < fresh.length; at += CODES_PER_TRANSACTION) {
    if (dataKey === undefined || sealedWithKey + CODES_PER_TRANSACTION > LIMITS.codesPerDataKey) {
      dataKey = await codeDataKey(filling);
      sealedWithKey = 0;
    }
    const chunk = fresh.slice(at, at + CODES_PER_TRANSACTION);
    const written = await putChunk(filling, chunk, next, dataKey, report);
    sealedWithKey += chunk.length;
    next += written;
  }
  return next;
}

/** One transaction of slots and fingerprints. Somebody else's code in between is refused and the rest tried again. */
async function putChunk(
  filling: Filling,
  chunk: Code[],
  first: number,
  dataKey: DataKey,
  report: ImportReport,
): Promise<number> {
  const { deps, slab, productId } = filling;
  let codes = chunk;
  let next = first;
  while (codes.length > 0) {
    const from = next;
    const writes = codes.flatMap((code, index) => codeWrites(filling, code, ticketFor(slab, from + index), dataKey));
    const written = await transact(deps.db, writes);
    if (written.ok) {
      report.imported += codes.length;
      return next + codes.length - first;
    }
    // Another import wrote one of these codes, or the same file is being imported twice: look where they went.
    const known = await readFingerprints(
      deps,
      productId,
      codes.map(({ fingerprint }) => fingerprint),
    );
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

function codeWrites({ deps, productId, batchId }: Filling, code: Code, ticket: Ticket, dataKey: DataKey) {
  const codeId = newId("code");
  const goods = JSON.stringify({ number: code.number, secret: code.secret });
  const slot: Item = {
    ...slotKey(ticket),
    state: "available",
    codeId,
    productId,
    batchId,
    sealed: seal(dataKey.plain, goods, codeBinding({ codeId, productId, batchId })),
    dataKey: dataKey.wrapped,
    hint: hintOf(code.secret),
    fingerprint: code.fingerprint,
    expiresAt: code.expiresAt === NEVER ? undefined : code.expiresAt,
  };
  const fingerprint: Item = { ...fingerprintKey(productId, code.fingerprint), ticket, codeId };
  return [slot, fingerprint].map((item) => ({
    Put: { TableName: deps.tables.inventory, Item: item, ConditionExpression: "attribute_not_exists(pk)" },
  }));
}

async function codeDataKey({ deps, productId }: Filling): Promise<DataKey> {
  return newDataKey({ kms: deps.kms, keyId: deps.codesKey, context: codeContext(productId) });
}

function withoutRepeats(lines: ImportLine[], mac: (line: ImportLine) => string, refused: RefusedLine[]): Code[] {
  const seen = new Set<string>();
  return lines.flatMap((line) => {
    const fingerprint = mac(line);
    if (seen.has(fingerprint)) {
      refused.push({ line: line.line, reason: "duplicate_in_file" });
      return [];
    }
    seen.add(fingerprint);
    return [{ ...line, fingerprint }];
  });
}
