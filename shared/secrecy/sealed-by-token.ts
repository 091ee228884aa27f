import { hkdfSync } from "node:crypto";
import { seal, unseal } from "./envelope.ts";

/**
 * Seals a text so that it opens for a token alone (HKDF, RFC 5869, and AES-256-GCM). A token has 128 random bits, and we keep only its
 * hash: so who has the item has nothing, and who has the token needs no key of ours.
 */
export const sealByToken = (token: string, plaintext: string, boundTo: string): Uint8Array =>
  seal(keyOf(token), plaintext, boundTo);

/** Opens what `sealByToken` has made. Throws if the token or anything else differs. */
export const unsealByToken = (token: string, sealed: Uint8Array, boundTo: string): string =>
  unseal(keyOf(token), sealed, boundTo);

const keyOf = (token: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", token, "", "what opens for a token", 256 / 8));
