import { createHash, randomBytes } from "node:crypto";

// Crockford's base 32: no I, L, O, U, so an id survives being read out on the phone. Lower case for URLs.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

type Prefix = "prod" | "ord" | "code" | "chan" | "sup" | "key" | "batch" | "evt" | "req" | "imp";

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

/** A new id: prefix and 100 random bits. */
export function newId(prefix: Prefix): string {
  return `${prefix}_${base32(randomBytes(13), 20)}`;
}

/** Tells writes of one item apart: 60 random bits, in few bytes, for it is stored with each order. */
export const newNonce = (): string => base32(randomBytes(8), 12);

/**
 * The id that this cause always gets: prefix and 130 bits of SHA-256. Two callers with the same cause meet at one item,
 * which is how a repeated request finds what the first one made.
 */
export function idOf(prefix: Prefix, ...cause: readonly string[]): string {
  return `${prefix}_${base32(createHash("sha256").update(JSON.stringify(cause)).digest(), 26)}`;
}

/** A short name for this cause, 60 bits of SHA-256: enough to tell apart what one product has a few thousand of. */
export function shortName(...cause: readonly string[]): string {
  return base32(createHash("sha256").update(JSON.stringify(cause)).digest(), 12);
}

/** SHA-256 as lower hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of a JSON value whatever the order of its members. */
export function fingerprintOf(value: unknown): string {
  return sha256(JSON.stringify(value, sortMembers));
}

function sortMembers(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Spreads names evenly over so many places: always the same one for the same name. */
export function spread(name: string, places: number): number {
  return Number.parseInt(sha256(name).slice(0, 8), 16) % places;
}
