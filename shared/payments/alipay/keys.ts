import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";

/** The shortest RSA key that Alipay signs and verifies RSA2 by. */
const SHORTEST_BITS = 2048;

/**
 * Reads an RSA private key as people paste it: PKCS#8 or PKCS#1, as PEM or as bare base64, in one line or in many. Undefined if it is
 * none, or too short.
 */
export function privateKeyIn(text: string): KeyObject | undefined {
  const key = derOf(text);
  return firstOf(
    () => createPrivateKey({ key, format: "der", type: "pkcs8" }),
    () => createPrivateKey({ key, format: "der", type: "pkcs1" }),
  );
}

/** Reads an RSA public key likewise, or takes it from a certificate. */
export function publicKeyIn(text: string): KeyObject | undefined {
  if (text.includes("BEGIN CERTIFICATE")) return firstOf(() => new X509Certificate(linesOf(text)).publicKey);
  // Node makes the public key of a private one, and nobody should paste that here.
  if (privateKeyIn(text) !== undefined) return undefined;
  const key = derOf(text);
  return firstOf(
    () => createPublicKey({ key, format: "der", type: "spki" }),
    () => createPublicKey({ key, format: "der", type: "pkcs1" }),
  );
}

/** Line ends often come as the two characters of a JSON text. */
const linesOf = (text: string): string => text.replaceAll("\\n", "\n");

const derOf = (text: string): Buffer =>
  Buffer.from(linesOf(text).replace(/-----(BEGIN|END) [A-Z ]{1,40}-----/g, ""), "base64");

function firstOf(...readings: (() => KeyObject)[]): KeyObject | undefined {
  for (const read of readings) {
    try {
      const key = read();
      const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
      if (key.asymmetricKeyType === "rsa" && modulusLength >= SHORTEST_BITS) return key;
    } catch {
      // It is written in another way.
    }
  }
  return undefined;
}
