import { memory, promisedOnce } from "../kernel/memory.ts";
import { type DataKey, newDataKey, seal, type Wrapping } from "./envelope.ts";

/** A sealed text and the wrapped key that opens it. */
export type Sealed = { sealed: Uint8Array; dataKey: Uint8Array };

/** AES-GCM with random nonces stays safe for 2^32 messages under one key. We stop a million times earlier. */
const MESSAGES_PER_KEY = 1_000;
const KEY_LIFETIME_MS = 5 * 60 * 1000;

/**
 * Makes a function that seals small texts (a recipient's account, a callback's body). It reuses a data key for a
 * short while, so a busy process asks KMS once in five minutes instead of once per order.
 */
export function sealer(wrapping: Wrapping): (plaintext: string, boundTo: string) => Promise<Sealed> {
  const { keyId } = wrapping;
  const keys = memory<Promise<DataKey>>({ lastsMs: KEY_LIFETIME_MS, most: 1 });
  let uses = 0;
  const newKey = () => {
    uses = 0;
    return newDataKey(wrapping);
  };
  return async (plaintext, boundTo) => {
    if (uses >= MESSAGES_PER_KEY) keys.forget(keyId);
    const key = promisedOnce(keys, keyId, newKey);
    uses += 1;
    const { plain, wrapped } = await key;
    return { sealed: seal(plain, plaintext, boundTo), dataKey: wrapped };
  };
}
