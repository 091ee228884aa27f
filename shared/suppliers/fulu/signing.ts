/**
 * Fulu's signature and card encryption, as its clients do them. Both are weak, and Fulu speaks nothing else. The
 * signature sorts the characters of the text, so any two texts of the same characters have the same one. Cards come
 * under AES in ECB mode with the signing secret as key. TLS is what protects them.
 */
import { createDecipheriv, createHash } from "node:crypto";

/**
 * Signs a text: lower-case hex MD5 of its characters in the order of their code points, with the secret behind them.
 */
export function signatureOf(text: string, secret: string): string {
  const sorted = Array.from(text).sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  return createHash("md5")
    .update(sorted.join("") + secret)
    .digest("hex");
}

/** Opens a card number or secret. Undefined: it is not under this key. */
export function openCard(sealed: string, secret: string): string | undefined {
  try {
    const decipher = createDecipheriv("aes-256-ecb", Buffer.from(secret, "utf8"), null);
    return Buffer.concat([decipher.update(Buffer.from(sealed, "base64")), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}
