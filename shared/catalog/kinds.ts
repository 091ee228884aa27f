import * as z from "zod";

/**
 * All kinds but one are handed to the buyer, one secret for each piece, and may lie in stock; a `topup` is loaded onto the recipient's
 * account by a supplier. `licence`: the key of a program · `qr`: a text that a terminal reads as a QR code.
 */
export const ProductKind = z.enum(["code", "topup", "link", "booking", "licence", "qr"]);
export type ProductKind = z.infer<typeof ProductKind>;

/** Tells whether a kind has something to hand over, which can lie in stock. */
export function isStocked(kind: ProductKind): boolean {
  return kind !== "topup";
}

/** `draft`: not yet on sale · `listed` · `paused`: not on sale for now, by a person or by rule · `ended`: never again. */
export const Listed = z.enum(["draft", "listed", "paused", "ended"]);
export type Listed = z.infer<typeof Listed>;
