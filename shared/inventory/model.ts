/**
 * Stock is slots in slabs. A *range* is a run of a slab's slots that share product, batch and expiry: its `head` is the
 * next one to sell, and moving the head is how a buyer draws a *ticket*, a number that nobody else has. The *slot* under
 * that number holds one encrypted code and is where the sale is decided.
 */
export type Range = {
  id: string;
  productId: string;
  batchId: string;
  slab: string;
  /** Everything below was looked at by the sweeper. */
  start: number;
  /** The next number to draw. */
  head: number;
  /** One past the last number on sale. */
  tail: number;
  /** tail − head: stored, because a condition can't subtract. */
  left: number;
  /** Returns ranges only: the next number at which a given-back code will be put. */
  next?: number;
  /** RFC 3339, or NEVER. */
  expiresAt: string;
  open: boolean;
  /** Where head and next stood when the sweeper last looked, and when that was. */
  noted?: { head: number; next: number; at: string };
};

export type SlotState = "available" | "held" | "sold" | "moved" | "void";

/** One code. A slot whose code went elsewhere stays as `moved`, so that a late seller finds the door closed. */
export type Slot = {
  state: SlotState;
  codeId: string;
  productId: string;
  batchId: string;
  /** The code, sealed; bound to code, product and batch, not to the slot, for codes move. */
  sealed: Uint8Array;
  dataKey: Uint8Array;
  /** Its last four characters, when it is long enough that four give nothing away. */
  hint?: string;
  orderId?: string;
  soldAt?: string;
};

/** The right to try one slot: written `slab:number`. */
export type Ticket = string;

/** Sorts behind every date; a code without an expiry lives in a range that has this one. */
export const NEVER = "9999-12-31T23:59:59.999Z";

export function ticketFor(slab: string, number: number): Ticket {
  return `${slab}:${number}`;
}

export function placeOf(ticket: Ticket): { slab: string; number: number } {
  const colon = ticket.lastIndexOf(":");
  return { slab: ticket.slice(0, colon), number: Number(ticket.slice(colon + 1)) };
}

/** Slabs are named in hex, so the r can't be part of a name; returns of returns go back to the same range. */
export function returnsOf(slab: string): string {
  return slab.endsWith("r") ? slab : `${slab}r`;
}

/** First-expiring first; among equals, fresh stock before returns, which are few and mostly empty. */
export function bySaleOrder(a: RangeEntry, b: RangeEntry): number {
  return a.expiresAt.localeCompare(b.expiresAt) || Number(a.id.endsWith("r")) - Number(b.id.endsWith("r"));
}

/** A range as the directory lists it. */
export type RangeEntry = { id: string; expiresAt: string };

/** The list of a product's ranges; `soldOutUntil` spares a flash sale's losers the search. */
export type Directory = { version: number; ranges: RangeEntry[]; soldOutUntil?: string };
