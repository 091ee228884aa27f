import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { sha256 } from "../kernel/ids.ts";

/** A KMS key and what it may be used for: the context is bound to every data key and shown in CloudTrail. */
export type Wrapping = { kms: KMSClient; keyId: string; context: Record<string, string> };

/** An AES-256 key in the clear, for this process only, and as KMS wrapped it, to be stored beside what it encrypts. */
export type DataKey = { plain: Uint8Array; wrapped: Uint8Array };

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export async function newDataKey({ kms, keyId, context }: Wrapping): Promise<DataKey> {
  const key = await kms.send(
    new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: "AES_256", EncryptionContext: context }),
  );
  if (key.Plaintext === undefined || key.CiphertextBlob === undefined) throw new Error("KMS gave no data key");
  return { plain: key.Plaintext, wrapped: key.CiphertextBlob };
}

/**
 * AES-256-GCM with a fresh 96-bit nonce (NIST SP 800-38D): nonce, ciphertext, tag. `boundTo` is authenticated but not
 * stored: whoever opens it must know what it belongs to, so that a ciphertext moved to another owner does not open.
 */
export function seal(key: Uint8Array, plaintext: string, boundTo: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(boundTo));
  return Buffer.concat([nonce, cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** Reverses `seal`; throws when anything differs. */
export function unseal(key: Uint8Array, sealed: Uint8Array, boundTo: string): string {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  // Without the length, Node takes what is left of a cut-off text for a shorter tag, which is easier to guess.
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(tag);
  const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
}

/** Data keys unwrapped by this process. 500 keys cover half a million codes of stock at 1,000 to a key. */
const CACHED_KEYS = 500;
const unwrapped = new Map<string, Promise<Uint8Array>>();

/** Asks KMS for the data key, once per process while it stays in the cache; oldest out first. */
export async function unwrap({ kms, keyId, context }: Wrapping, wrapped: Uint8Array): Promise<Uint8Array> {
  const name = sha256(wrapped);
  const known = unwrapped.get(name);
  if (known !== undefined) return known;
  const asking = (async () => {
    const key = await kms.send(
      new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: context }),
    );
    if (key.Plaintext === undefined) throw new Error("KMS gave no plaintext");
    return key.Plaintext;
  })();
  unwrapped.set(name, asking);
  asking.catch(() => unwrapped.delete(name));
  const oldest = unwrapped.keys().next();
  if (unwrapped.size > CACHED_KEYS && oldest.done !== true) unwrapped.delete(oldest.value);
  return asking;
}
