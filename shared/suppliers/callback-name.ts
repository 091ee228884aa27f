import { createHmac } from "node:crypto";

/**
 * Names a callback by its content, if its sender gives it no name: 128 bits of a MAC by a secret that we share with the
 * supplier. The name is stored and logged; with a plain hash anybody could test guesses at the account or the card in
 * the body.
 */
export function nameOfCallback(secret: string, rawBody: string): string {
  return createHmac("sha256", secret).update(`callback\n${rawBody}`).digest("hex").slice(0, 32);
}
