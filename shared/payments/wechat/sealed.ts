import { createDecipheriv } from "node:crypto";
import type { Secret } from "../../kernel/secret.ts";

/** What WeChat Pay has sealed with the APIv3 key: AES-256-GCM, the tag behind the text. */
export type SealedResource = { ciphertext: string; associated_data?: string; nonce: string };

const TAG_BYTES = 16;

/** Opens what was sealed with one of the keys. Undefined: with none of them, or it was changed since. */
export function open({ ciphertext, associated_data = "", nonce }: SealedResource, keys: readonly Secret[]) {
  const bytes = Buffer.from(ciphertext, "base64");
  for (const key of keys) {
    try {
      const cipher = createDecipheriv("aes-256-gcm", Buffer.from(key.reveal()), Buffer.from(nonce), {
        authTagLength: TAG_BYTES,
      });
      cipher.setAAD(Buffer.from(associated_data)).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([cipher.update(bytes.subarray(0, -TAG_BYTES)), cipher.final()]).toString("utf8");
    } catch {
      // The next key may open it.
    }
  }
  return undefined;
}
