import { Secret } from "../kernel/secret.ts";
import type { Good } from "./contract.ts";
import { expiryOf } from "./dates.ts";

/** One piece as a supplier sends it. Any part may be missing or empty. */
type Piece = { number?: string | null | undefined; secret?: string | null | undefined; expires?: unknown };

/**
 * Makes a piece of goods of what a supplier sent. A card that is only a number is one: the number is what is redeemed.
 * Undefined for an empty card: that is no delivery. `offsetHours`: the supplier's clock, ahead of UTC.
 */
export function goodOf({ number, secret, expires }: Piece, offsetHours: number): Good | undefined {
  const [code, only] = [given(secret), given(number)];
  const redeemed = code ?? only;
  if (redeemed === undefined) return undefined;
  const expiry = expiryOf(expires, offsetHours);
  return {
    ...(code === undefined || only === undefined ? {} : { number: new Secret(only) }),
    secret: new Secret(redeemed),
    ...(expiry.kind === "at" ? { expiresAt: expiry.at } : {}),
    ...(expiry.kind === "unread" ? { expiryUnread: true } : {}),
  };
}

const given = (text: string | null | undefined): string | undefined =>
  text === undefined || text === null || text.trim() === "" ? undefined : text;
