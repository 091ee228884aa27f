import { IncorrectKeyException, InvalidCiphertextException, type KMSClient } from "@aws-sdk/client-kms";
import * as z from "zod";
import { type DataKey, seal, unseal, unwrap } from "../secrecy/envelope.ts";
import type { Slot } from "./model.ts";

/** What a buyer gets: the code in the clear, and until when it is good, RFC 3339; absent: it does not expire. */
export type Code = { codeId: string; number?: string; secret: string; expiresAt?: string };

/** KMS binds a data key to its product, and CloudTrail shows which product's key was opened. */
export function codeContext(productId: string): Record<string, string> {
  return { product: productId };
}

/** A sealed code opens only as what it was sealed as: this code of this product and batch. */
export function codeBinding({ codeId, productId, batchId }: Pick<Slot, "codeId" | "productId" | "batchId">): string {
  return `${codeId} ${productId} ${batchId}`;
}

/** Seals a code as what it is, for its slot. */
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
 * Opens a code. Undefined: nobody ever can, for whoever sealed it did so wrongly, or as another one. What may heal is thrown. Only
 * functions that hand goods to their owner have the right to the key.
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

/** What may be shown of a code to tell it from others: its last four characters, when it is long enough. */
export function hintOf(secret: string): string | undefined {
  if (secret.length < HINT_FROM_LENGTH) return undefined;
  const last = secret.slice(-4);
  // Half of a surrogate pair is nothing that a table could store.
  return last.isWellFormed() ? last : last.slice(1);
}
