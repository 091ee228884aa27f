import { IncorrectKeyException, InvalidCiphertextException, type KMSClient } from "@aws-sdk/client-kms";
import * as z from "zod";
import { type DataKey, seal, unseal, unwrap } from "../secrecy/envelope.ts";
import type { Slot } from "./model.ts";

/** A deliverable: a code in the clear. `expiresAt` is RFC 3339; absent: it does not expire. */
export type Code = { codeId: string; number?: string; secret: string; expiresAt?: string };

/** Gives the KMS context of a product's data keys. CloudTrail shows it. */
export function codeContext(productId: string): Record<string, string> {
  return { product: productId };
}

/** Gives the binding of a sealed code: it opens only as this code of this product and batch. */
export function codeBinding({ codeId, productId, batchId }: Pick<Slot, "codeId" | "productId" | "batchId">): string {
  return `${codeId} ${productId} ${batchId}`;
}

/** Seals a code for its slot. */
export function sealCode(
  dataKey: DataKey,
  as: Pick<Slot, "codeId" | "productId" | "batchId">,
  { number, secret }: { number?: string | undefined; secret: string },
): Pick<Slot, "sealed" | "dataKey" | "hint"> {
  const hint = hintOf(secret);
  return {
    sealed: seal(dataKey.plain, JSON.stringify({ number, secret }), codeBinding(as)),
    dataKey: dataKey.wrapped,
    ...(hint === undefined ? {} : { hint }),
  };
}

const Goods = z.object({ number: z.string().exactOptional(), secret: z.string() });

/**
 * Opens a code. Undefined: nobody ever can, because it was sealed wrongly or as another code. Errors that may pass are
 * thrown. Only functions that hand goods to their owner may use the key.
 */
export async function openCode(deps: { kms: KMSClient; codesKey: string }, slot: Slot): Promise<Code | undefined> {
  const wrapping = { kms: deps.kms, keyId: deps.codesKey, context: codeContext(slot.productId) };
  try {
    const key = await unwrap(wrapping, slot.dataKey);
    return opened(key, slot);
  } catch (error) {
    if (error instanceof InvalidCiphertextException || error instanceof IncorrectKeyException) return undefined;
    throw error;
  }
}

function opened(key: Uint8Array, slot: Slot): Code | undefined {
  try {
    const goods = Goods.parse(JSON.parse(unseal(key, slot.sealed, codeBinding(slot))));
    return { codeId: slot.codeId, ...goods, ...(slot.expiresAt === undefined ? {} : { expiresAt: slot.expiresAt }) };
  } catch {
    return undefined;
  }
}

/** Four characters of a 12-character code leave at least eight unknown. */
const HINT_FROM_LENGTH = 12;

/** Gives the hint by which support tells codes apart: the last four characters, if the code is long enough. */
export function hintOf(secret: string): string | undefined {
  if (secret.length < HINT_FROM_LENGTH) return undefined;
  const last = secret.slice(-4);
  // A table can't store half of a surrogate pair.
  return last.isWellFormed() ? last : last.slice(1);
}
