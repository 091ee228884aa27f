/**
 * Signing and verifying by Standard Webhooks 1.0.0, symmetric signatures (https://www.standardwebhooks.com).
 *
 * On node:crypto and not by the `standardwebhooks` library, because that reads the machine's clock: its tolerance could
 * be tested neither at its edges nor with the published vector. It also accepts a timestamp with trailing rubbish.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Secret } from "../kernel/secret.ts";

const toleranceSeconds = 5 * 60;
/** A message has two signatures while a secret is rotated. */
const maxSignatures = 8;
/** API Gateway would take 6 MB; no callback is that long. */
const maxBodyCharacters = 1024 * 1024;

export type SignatureCheck = { ok: true; id: string } | { ok: false; reason: "malformed" | "forged" | "stale" };

/** Bytes of a secret that we make: those of the hash that signs with it. */
const SECRET_BYTES = 32;

/** Makes a secret: `whsec_` and 256 random bits in base64. */
export const newWebhookSecret = (): Secret => new Secret(`whsec_${randomBytes(SECRET_BYTES).toString("base64")}`);

/**
 * Gives the key in `whsec_<base64>`. Throws unless it has the standard's 24 to 64 bytes: Node's base64 skips unknown
 * characters, so a mistyped secret would otherwise become a shorter key.
 */
export function webhookKey(secret: Secret): Buffer {
  const key = Buffer.from(secret.reveal().replace(/^whsec_/, ""), "base64");
  if (key.length < 24 || key.length > 64)
    throw new Error("A webhook secret must be whsec_ and 24 to 64 bytes in base64");
  return key;
}

/**
 * Checks a signature. The sender is checked before the time: only the supplier's own messages are ever called stale.
 *
 * @param headers names in lower case
 */
export function checkSignature(
  key: Buffer,
  rawBody: string,
  headers: Record<string, string | undefined>,
  now: Date,
): SignatureCheck {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  // The signed text is `id.timestamp.body`, so an id with a full stop in it could be cut in two ways.
  if (id === undefined || !/^[\w-]{1,255}$/.test(id)) return { ok: false, reason: "malformed" };
  if (timestamp === undefined || !/^\d{1,11}$/.test(timestamp)) return { ok: false, reason: "malformed" };
  if (signatures === undefined || rawBody.length > maxBodyCharacters) return { ok: false, reason: "malformed" };

  const expected = macOf(key, id, timestamp, rawBody);
  const isOurs = signatures
    .split(" ", maxSignatures)
    .filter((signature) => signature.startsWith("v1,"))
    .map((signature) => Buffer.from(signature.slice("v1,".length), "base64"))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
  if (!isOurs) return { ok: false, reason: "forged" };

  const ageSeconds = now.getTime() / 1000 - Number(timestamp);
  return Math.abs(ageSeconds) <= toleranceSeconds ? { ok: true, id } : { ok: false, reason: "stale" };
}

function macOf(key: Buffer, id: string, timestamp: string, rawBody: string): Buffer {
  return createHmac("sha256", key).update(`${id}.${timestamp}.${rawBody}`).digest();
}

/**
 * Makes the headers of a message. `id`: the same however often it is sent. `now`: the time of this sending. `keys`: it gets a
 * signature by each of them, because while a secret is rotated its receiver may know only one.
 */
export function signatureHeaders(
  keys: readonly Buffer[],
  { id, rawBody }: { id: string; rawBody: string },
  now: Date,
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = keys.map((key) => `v1,${macOf(key, id, timestamp, rawBody).toString("base64")}`);
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
