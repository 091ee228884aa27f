import type { KMSClient } from "@aws-sdk/client-kms";
import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { newId } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/problem.ts";
import type { BookDeps } from "../ledger/books.ts";
import { type DataKey, newDataKey } from "../secrecy/envelope.ts";
import type { ImportLine } from "../stock-files/code-line.ts";
import { Layout } from "../stock-files/layout.ts";
import { readCodes } from "../stock-files/read-codes.ts";
import { batchNamed, batchOf } from "./batch-id.ts";
import { codeContext, sealCode } from "./code.ts";
import { ListFull, listFull } from "./directory.ts";
import { type ImportReport, type Into, type PutIn, putSealed, type SealedCode } from "./fill.ts";
import { type FingerprintDeps, type Marks, marker, SHOP } from "./fingerprints.ts";
import { type BatchCost, openForSale, unitCostOf } from "./open-for-sale.ts";

export type ImportDeps = Db<"inventory"> &
  BookDeps &
  FingerprintDeps & { kms: KMSClient; codesKey: string; clock: Clock };

type Options = {
  dryRun: boolean;
  layout?: Layout | undefined;
  acrossShop?: boolean;
  /** The batch's name. Absent: the file's content names it, so the same file is the same batch. */
  batchId?: string;
  /** What the codes have cost us. Absent: nobody has said. */
  cost?: BatchCost | undefined;
};

/**
 * Imports a file of codes in one request. A slab is named by its file and fills without gaps, a transaction at a time.
 * So a crashed import is simply run again: a fingerprint that points into the file's own slab is progress and no
 * duplicate. Codes go on sale only when all of them are in.
 */
export async function importCodes(
  deps: ImportDeps,
  productId: string,
  text: string,
  { dryRun, layout = Layout.parse({}), acrossShop = true, batchId: named, cost }: Options,
): Promise<Result<ImportReport>> {
  const file = await readCodes(text, layout, deps.clock());
  if (!file.ok) return file;
  const { lines, refused } = file.value;
  const unitCost = cost === undefined ? undefined : unitCostOf(cost);
  const { batchId, isDone } =
    named === undefined
      ? await batchOf(deps, { productId, text, layout, lines, cost })
      : await batchNamed(deps, productId, named);
  const into = { productId, batchId, part: "", dryRun, isDone, unitCost };
  const put = await putCodes(deps, into, lines, acrossShop);
  if (put === "stopped") throw new Error("nothing can stop an import that is one request");
  const { report, slabs } = put;
  // Opening a finished batch again would bring a sold-out range back into the directory.
  if (!dryRun && !isDone) await openForSale(deps, { batchId, productId, slabs, cost });
  const everyRefusal = [...refused, ...report.refused].sort((a, b) => a.line - b.line);
  return ok({ ...report, refused: everyRefusal });
}

/** Imports an operator's file. If there is no room for its ranges, that is a refusal. */
export async function importFile(...of: Parameters<typeof importCodes>): Promise<Result<ImportReport>> {
  try {
    return await importCodes(...of);
  } catch (error) {
    if (error instanceof ListFull) return listFull();
    throw error;
  }
}

/**
 * Puts codes that were read in the clear into slabs: it computes their fingerprints first, and seals those that are
 * new. `acrossShop`: they are compared with the codes of all products that are compared so.
 */
export async function putCodes(
  deps: ImportDeps,
  into: Into,
  lines: readonly ImportLine[],
  acrossShop: boolean,
): Promise<PutIn> {
  const marksOf = await marker(deps, into.productId);
  const shopMarksOf = acrossShop ? await marker(deps, SHOP) : undefined;
  const codes = lines.map((line): Fresh => {
    const shop = shopMarksOf?.(line);
    return { ...line, ...marksOf(line), ...(shop === undefined ? {} : { shop }) };
  });
  return putSealed(deps, into, codes, codeSealer(deps, into));
}

type Fresh = ImportLine & Marks & { shop?: Marks };

/** Makes a function that seals codes. It takes a new data key after `LIMITS.codesPerDataKey` codes. */
function codeSealer(deps: ImportDeps, { productId, batchId }: Into): (codes: Fresh[]) => Promise<SealedCode[]> {
  let current: { dataKey: DataKey; left: number } | undefined;
  return async (codes) => {
    if (current === undefined || current.left < codes.length) {
      const wrapping = { kms: deps.kms, keyId: deps.codesKey, context: codeContext(productId) };
      current = { dataKey: await newDataKey(wrapping), left: LIMITS.codesPerDataKey };
    }
    current.left -= codes.length;
    const { dataKey } = current;
    return codes.map(({ number, secret, ...known }) => {
      const codeId = newId("code");
      const sealed = sealCode(dataKey, { codeId, productId, batchId }, { number, secret });
      return { ...known, codeId, ...sealed };
    });
  };
}
