import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { Fault } from "../kernel/fault.ts";
import { sha256 } from "../kernel/ids.ts";
import { FOR_GOOD, memory, promisedOnce } from "../kernel/memory.ts";

/** A KMS key and a context. KMS binds each data key to the context, and CloudTrail shows it. */
export type Wrapping = { kms: KMSClient; keyId: string; context: Record<string, string> };

/**
 * An AES-256 key: `plain` is for this process only; `wrapped` is what KMS encrypted, to be stored beside the sealed
 * text.
 */
export type DataKey = { plain: Uint8Array; wrapped: Uint8Array };

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export async function newDataKey({ kms, keyId, context }: Wrapping): Promise<DataKey> {
  const key = await kms.send(
    new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: "AES_256", EncryptionContext: context }),
  );
  if (key.Plaintext === undefined || key.CiphertextBlob === undefined)
    throw new Fault("kms_gave_nothing", "KMS gave no data key");
  return { plain: key.Plaintext, wrapped: key.CiphertextBlob };
}

/**
 * Seals a text with AES-256-GCM and a fresh 96-bit nonce (NIST SP 800-38D): nonce, ciphertext, tag. `boundTo` is
 * authenticated and not stored: to open the text one must know what it belongs to, so a ciphertext that was moved to
 * another owner does not open.
 */
export function seal(key: Uint8Array, plaintext: string, boundTo: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(boundTo));
  return Buffer.concat([nonce, cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `seal` has made. Throws if anything differs. */
export function unseal(key: Uint8Array, sealed: Uint8Array, boundTo: string): string {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  // Without the length Node would take the rest of a cut-off text for a shorter tag, which is easier to guess.
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(tag);
  const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
}

/** Data keys that this process has unwrapped. 500 keys are half a million codes of stock, at 1,000 to a key. */
const unwrapped = memory<Promise<Uint8Array>>({ lastsMs: FOR_GOOD, most: 500 });

/** Unwraps a data key by KMS and remembers it. */
export async function unwrap({ kms, keyId, context }: Wrapping, wrapped: Uint8Array): Promise<Uint8Array> {
  return promisedOnce(unwrapped, sha256(wrapped), async () => {
    const key = await kms.send(
      new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: context }),
    );
    if (key.Plaintext === undefined) throw new Fault("kms_gave_nothing", "KMS gave no plaintext");
    return key.Plaintext;
  });
}
