import { memory, promisedOnce } from "../kernel/memory.ts";
import { type DataKey, newDataKey, seal, type Wrapping } from "./envelope.ts";

/** A sealed text and the wrapped key that opens it. */
export type Sealed = { sealed: Uint8Array; dataKey: Uint8Array };

/** Texts of one thing, each sealed by itself, and the wrapped key that opens all of them. */
export type SealedFields<Field extends string> = {
  dataKey: Uint8Array;
  fields: { readonly [F in Field]?: Uint8Array };
};

/** AES-GCM with random nonces stays safe for 2^32 messages under one key. We stop a million times earlier. */
const MESSAGES_PER_KEY = 1_000;
const KEY_LIFETIME_MS = 5 * 60 * 1000;

/**
 * Makes a function that gives the data key for so many texts. It reuses a key for a short while, so a busy process asks
 * KMS once in five minutes instead of once per order.
 */
function dataKeys(wrapping: Wrapping): (texts: number) => Promise<DataKey> {
  const { keyId } = wrapping;
  const keys = memory<Promise<DataKey>>({ lastsMs: KEY_LIFETIME_MS, most: 1 });
  let uses = 0;
  const newKey = () => {
    uses = 0;
    return newDataKey(wrapping);
  };
  return (texts) => {
    if (uses + texts > MESSAGES_PER_KEY) keys.forget(keyId);
    const key = promisedOnce(keys, keyId, newKey);
    uses += texts;
    return key;
  };
}

/** Makes a function that seals small texts (a recipient's account, a callback's body). */
export function sealer(wrapping: Wrapping): (plaintext: string, boundTo: string) => Promise<Sealed> {
  const dataKey = dataKeys(wrapping);
  return async (plaintext, boundTo) => {
    const { plain, wrapped } = await dataKey(1);
    return { sealed: seal(plain, plaintext, boundTo), dataKey: wrapped };
  };
}

/** Seals the fields of one thing, each with a binding of its own, under one data key. */
export type SealFields = <Field extends string>(
  texts: { readonly [F in Field]?: string | undefined },
  bindingOf: (field: Field) => string,
) => Promise<SealedFields<Field>>;

/** Makes a function that seals the fields of one thing. The wrapped key, their largest part, is stored once. */
export function fieldSealer(wrapping: Wrapping): SealFields {
  const dataKey = dataKeys(wrapping);
  return async <Field extends string>(
    texts: { readonly [F in Field]?: string | undefined },
    bindingOf: (field: Field) => string,
  ) => {
    const said = Object.entries<string | undefined>(texts).filter(
      (one): one is [Field, string] => one[1] !== undefined,
    );
    const { plain, wrapped } = await dataKey(said.length);
    const fields = Object.fromEntries(said.map(([field, text]) => [field, seal(plain, text, bindingOf(field))]));
    return { dataKey: wrapped, fields: fields as SealedFields<Field>["fields"] };
  };
}
