import { createHmac } from "node:crypto";
import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { fingerprintOf, sha256 } from "../kernel/ids.ts";
import { derivedKey } from "../secrecy/derived-key.ts";
import type { ImportLine } from "../stock-files/code-line.ts";
import { Layout } from "../stock-files/layout.ts";
import { readBatch } from "./batches.ts";
import { slabNameOf } from "./fill.ts";
import type { FingerprintDeps } from "./fingerprints.ts";
import { ticketFor } from "./model.ts";
import { type BatchCost, unitCostOf } from "./open-for-sale.ts";
import { batchKey, slotKey } from "./table.ts";

type File = {
  productId: string;
  text: string;
  layout: Layout;
  lines: readonly ImportLine[];
  cost?: BatchCost | undefined;
};

/**
 * Names the batch of a file in the clear by its content, so that the same file finds its batch again. The name is a
 * MAC: operators see it, and with a plain hash anybody who sees it could test guesses at a short file. `isDone`: all of
 * it is on sale.
 */
export async function batchOf(
  deps: Db<"inventory"> & FingerprintDeps,
  file: File,
): Promise<{ batchId: string; isDone: boolean }> {
  const { productId, lines } = file;
  const key = await derivedKey({ kms: deps.kms, keyId: deps.fingerprintKey }, `files of ${productId}`);
  const named = createHmac("sha256", key).update(contentOf(file)).digest("hex").slice(0, 20);
  const [batchId, older] = [`batch_${named}`, olderIdOf(file)];
  const begun = [...new Set(lines.map(({ expiresAt }) => expiresAt))].map((expiresAt) =>
    slotKey(ticketFor(slabNameOf(older, "", expiresAt), 1)),
  );
  const batches = [batchKey(productId, batchId), batchKey(productId, older)];
  const found = await batchGet(deps.db, deps.tables.inventory, [...batches, ...begun], true);
  const has = ({ pk, sk }: { pk: string; sk: string }): boolean =>
    found.some((item) => item["pk"] === pk && item["sk"] === sk);
  // A file that an earlier version imported, or began to, keeps the name that it got then.
  if (has(batchKey(productId, older)) || begun.some(has))
    return { batchId: older, isDone: has(batchKey(productId, older)) };
  return { batchId, isDone: has(batchKey(productId, batchId)) };
}

/** Finds a batch that is not named by its content but, for example, by a purchase. */
export async function batchNamed(
  deps: Db<"inventory">,
  productId: string,
  batchId: string,
): Promise<{ batchId: string; isDone: boolean }> {
  return { batchId, isDone: (await readBatch(deps, productId, batchId)) !== undefined };
}

/** The name that an earlier version gave: SHA-256 of the content. */
export const olderIdOf = (file: Omit<File, "lines">): string => `batch_${sha256(contentOf(file)).slice(0, 20)}`;

/**
 * The same text with another layout gives other codes: it is another file. So it is at another cost: a file that was
 * imported in part is never finished at a cost that the first part does not have.
 */
function contentOf({ productId, text, layout, cost }: Omit<File, "lines">): string {
  const isPlain = fingerprintOf(layout) === fingerprintOf(Layout.parse({}));
  const unitCost = cost && unitCostOf(cost);
  const owed = cost !== undefined && "unitCost" in cost ? (cost.supplierId ?? []) : [];
  const costs = unitCost === undefined ? [] : [`${unitCost.amount} ${unitCost.currency}`].concat(owed);
  return [productId, text, ...(isPlain ? [] : [fingerprintOf(layout)]), ...costs].join("\n");
}
