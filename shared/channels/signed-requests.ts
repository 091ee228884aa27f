import { createPublicKey } from "node:crypto";
import { type Db, putNew } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { Caller } from "./keys.ts";
import { isDigestOf, isSignedBy, type Message, signatureBase, signatureOf } from "./signature.ts";
import { nonceKey, nonces } from "./table.ts";

/** A signature that holds: its nonce, and until when, in seconds, it could be sent again. */
type Held = { nonce: string; until: number };

/**
 * Checks a request of a key that signs. It must be signed if the key takes nothing else, and a signature that is there must hold.
 * Undefined: it is not signed, and need not be. Pure, so whoever has the key without its private key costs and uses up nothing.
 */
export function checkSigned(
  { keyId, signing }: { keyId: string; signing: NonNullable<Caller["signing"]> },
  message: Message,
  now: Date,
): Result<Held | undefined> {
  const isSigned = message.headers["signature-input"] !== undefined || message.headers["signature"] !== undefined;
  if (!isSigned)
    return signing.accepts === "any"
      ? ok(undefined)
      : refuse("signature_required", "The API key takes signed requests only (RFC 9421).");
  return checkSignature(message, { keyId, publicKey: signing.publicKey }, now);
}

/** Lets a signed request in, once. A nonce is noted only for a signature that holds, so nobody else can use up any. */
export async function useNonce(
  deps: Db<"operations">,
  { keyId }: Pick<Caller, "keyId">,
  { nonce, until }: Held,
): Promise<Result<undefined>> {
  const item = nonces.write(nonceKey(keyId, nonce), {}, { expiresAtEpoch: until });
  const isFirst = await putNew(deps.db, deps.tables.operations, item);
  return isFirst.ok ? ok(undefined) : invalid("its nonce was used before");
}

const invalid = (why: string) => refuse("signature_invalid", `The signature does not hold: ${why}.`);

/** Checks a request's signature by a key: that it covers enough, is of now, and is of this key. Pure. */
export function checkSignature(
  message: Message,
  { keyId, publicKey }: { keyId: string; publicKey: string },
  now: Date,
): Result<Held> {
  const signature = signatureOf(message, keyId);
  if (signature === undefined) return invalid("there is none whose keyid is the API key's id");
  const { components, says, bytes } = signature;
  const missing = needed(message).find((names) => !names.some((name) => components.includes(name)));
  if (missing !== undefined) return invalid(`it does not cover ${missing.join(" or ")}`);
  const [created, expires, nonce, alg] = ["created", "expires", "nonce", "alg"].map((name) => says.get(name));
  const seconds = Math.floor(now.getTime() / 1000);
  if (typeof created !== "number" || Math.abs(seconds - created) > LIMITS.signatureSeconds)
    return invalid(`it was not created within ${LIMITS.signatureSeconds} seconds of now`);
  if (expires !== undefined && !(typeof expires === "number" && expires > seconds)) return invalid("it has expired");
  if (typeof nonce !== "string" || nonce.length < 8 || nonce.length > LIMITS.nonceLength)
    return invalid(`its nonce must have 8 to ${LIMITS.nonceLength} characters`);
  if (alg !== undefined && alg !== "ed25519") return invalid("its alg must be ed25519");
  if (message.body.length > 0 && !isDigestOf(message.body, message.headers["content-digest"]))
    return invalid("Content-Digest is not of this body (sha-256, sha-512)");
  const base = signatureBase(message, signature);
  if (base === undefined) return invalid("it covers what the request does not have");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
  if (!isSignedBy(key, base, bytes)) return invalid("it is of another key, or of another request");
  return ok({ nonce, until: created + 2 * LIMITS.signatureSeconds });
}

/** What a signature must cover, each by one of these names, so that nothing that counts can be changed on the way. */
function needed({ query, headers, body }: Message): string[][] {
  return [
    ["@method"],
    ["@path", "@target-uri"],
    ...(query === "" ? [] : [["@query", "@target-uri"]]),
    ...(headers["idempotency-key"] === undefined ? [] : [["idempotency-key"]]),
    ...(body.length === 0 ? [] : [["content-digest"]]),
  ];
}

/** The DER of a public key of Ed25519 (RFC 8410) begins so; then come its 32 bytes. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** Reads a public key of Ed25519: in PEM, or its DER or its 32 bytes in Base64. Gives the 32 bytes in Base64url, or nothing. */
export function publicKeyFrom(text: string): string | undefined {
  const base64 = text.replaceAll(/-----(BEGIN|END) PUBLIC KEY-----|\s/g, "");
  if (!/^[\w+/-]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, "base64");
  const raw = bytes.subarray(0, SPKI.length).equals(SPKI) ? bytes.subarray(SPKI.length) : bytes;
  return raw.length === 32 ? raw.toString("base64url") : undefined;
}
