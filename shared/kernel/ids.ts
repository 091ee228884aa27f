import { createHash, randomBytes } from "node:crypto";

// Crockford's base 32 without I, L, O and U, so that an id survives being read out on the phone. Lower case for URLs.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

type Prefix =
  | "prod"
  | "ord"
  | "pay"
  | "rfd"
  | "dep"
  | "dsp"
  | "case"
  | "code"
  | "chan"
  | "sup"
  | "key"
  | "batch"
  | "evt"
  | "req"
  | "imp"
  | "wh"
  | "dlv"
  | "msg";

function base32(bytes: Uint8Array, length: number): string {
  let bits = 0;
  let value = 0;
  let text = "";
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return text;
}

/** Makes a new id: a prefix and 100 random bits. */
export function newId(prefix: Prefix): string {
  return `${prefix}_${base32(randomBytes(13), 20)}`;
}

/**
 * Makes a nonce of 60 random bits, by which a writer recognises its own write. Short, because each order stores one.
 */
export const newNonce = (): string => base32(randomBytes(8), 12);

/**
 * Makes an id from its cause: a prefix and 130 bits of SHA-256. The same cause always gets the same id, so a repeated
 * request finds what the first one made.
 */
export function idOf(prefix: Prefix, ...cause: readonly string[]): string {
  return `${prefix}_${base32(createHash("sha256").update(JSON.stringify(cause)).digest(), 26)}`;
}

/**
 * Makes a short name from its cause: 60 bits of SHA-256. Enough to tell apart the few thousand things of one product.
 */
export function shortName(...cause: readonly string[]): string {
  return base32(createHash("sha256").update(JSON.stringify(cause)).digest(), 12);
}

/** Hashes data with SHA-256. Returns lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Hashes a JSON value with SHA-256. The order of an object's members makes no difference. */
export function fingerprintOf(value: unknown): string {
  return sha256(JSON.stringify(value, sortMembers));
}

function sortMembers(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Maps a name to a number from 0 to `places` − 1. The same name always gets the same number, and many names are
 * spread evenly.
 */
export function spread(name: string, places: number): number {
  return Number.parseInt(sha256(name).slice(0, 8), 16) % places;
}
