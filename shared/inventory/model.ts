import { shortName } from "../kernel/ids.ts";

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
  /** Whose stock it is: the label that a transfer changes, whatever the size. */
  pool: PoolId;
  /** The first number of the run. */
  first: number;
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
  state: RangeState;
  /** The one large order that it was cut off for, and in which of its epochs. */
  orderId?: string;
  epoch?: number;
  /** Such ranges: everything below was sold to the order, but for so many holes. It falls again as codes go back. */
  done?: number;
  holes?: number;
  /** Returns ranges only: whether the directory names it. Nobody may draw from one that nobody looks at. */
  listed?: boolean;
  /** What the sweeper saw lately, the oldest first. */
  notes?: readonly Note[];
  /** The restore that has looked through it last, and where it found the marks. */
  restored?: { since: string; head: number; next?: number };
};

/** Where head and next stood at some time. */
export type Note = { head: number; next: number; at: string };

/**
 * `open`: for sale · `frozen`: not for now · `void`: never again; what lies from the head on counts as void · `order`: cut
 * off whole for one large order.
 */
export type RangeState = "open" | "frozen" | "void" | "order";

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
  /** RFC 3339, if it expires: the sale looks, for a ticket may have slept. */
  expiresAt?: string;
  /** What the duplicates of this code are found by. */
  fingerprint?: string;
  orderId?: string;
  /** Held slots: how long the order may keep it without paying, RFC 3339. */
  until?: string;
  soldAt?: string;
  /** Where the code of a `moved` slot went. */
  movedTo?: Ticket;
};

/** A run of codes that was cut off for a large order, as the order names it: the range, and the numbers that are its own. */
export type Reserved = { range: string; from: string; slab: string; pool: PoolId; first: number; quantity: number };

/**
 * Whom a run was cut off for. One that was refused and placed again may have been given the same numbers, under the same name:
 * whoever still thinks of the epoch before has no business there.
 */
export type ReservedFor = { orderId: string; epoch: number };

/** The stock that everybody may buy from, and stock set aside: by a short name, for tickets carry it. */
export type PoolId = string;
export const TOTAL: PoolId = "";

/** Whom a pool is for. A campaign is named by the order that buys from it. */
export type PoolOwner = { kind: "channel" | "campaign"; subject: string };

export function poolIdOf(productId: string, { kind, subject }: PoolOwner): PoolId {
  return shortName("pool", productId, kind, subject);
}

/** What a buyer of a pool gets when it is empty: nothing, or codes of the total pool. */
export type WhenEmpty = "stop" | "borrow";

/** The right to try one slot: written `slab:number`, and `@pool` behind it unless it came from the total pool. */
export type Ticket = string;

/**
 * Instead of an order: holds what may have been sold after the moment to which the table was restored, until a person decides.
 * Behind it the order that had given the code back, if one had.
 */
export const WITHHELD = "restore";

/** Sorts behind every date; a code without an expiry lives in a range that has this one. */
export const NEVER = "9999-12-31T23:59:59.999Z";

export function ticketFor(slab: string, number: number, pool: PoolId = TOTAL): Ticket {
  return pool === TOTAL ? `${slab}:${number}` : `${slab}:${number}@${pool}`;
}

export function placeOf(ticket: Ticket): { slab: string; number: number; pool: PoolId } {
  const [slab = "", rest = ""] = ticket.split(":");
  const [number, pool = TOTAL] = rest.split("@");
  return { slab, number: Number(number), pool };
}

/** Slabs are named in hex, so the r can't be part of a name; returns of returns go back to the same range. */
export function returnsOf(slab: string, pool: PoolId): string {
  return `${slabOfOrigin(slab)}r${pool}`;
}

/** The slab that an import filled, for itself or for its returns. Its first range is named like it. */
export function slabOfOrigin(slab: string): string {
  return slab.split("r")[0] ?? slab;
}

/** A later range of a slab goes by its first number; one that takes all of a range which began there too, by a count behind it. */
export function rangeIdFor({ id, slab }: Pick<Range, "id" | "slab">, first: number): string {
  const name = `${slab}.${first}`;
  if (id !== name && !id.startsWith(`${name}.`)) return name;
  return `${name}.${Number(id.slice(name.length + 1)) + 1}`;
}

/** Does it hold what was given back? Also when a transfer has cut it off. */
export const isReturned = (id: string): boolean => id.includes("r");

/** First-expiring first; among equals, fresh stock before returns, which are few and mostly empty. */
export function bySaleOrder(a: RangeEntry, b: RangeEntry): number {
  return a.expiresAt.localeCompare(b.expiresAt) || Number(isReturned(a.id)) - Number(isReturned(b.id));
}

/** A range as the directory lists it. */
export type RangeEntry = { id: string; expiresAt: string };

/**
 * The ranges of one pool of a product, in the order of sale. `soldOutUntil` spares a flash sale's losers the search. The
 * total pool's also says what holds for the whole product.
 */
export type Directory = {
  productId: string;
  pool: PoolId;
  version: number;
  ranges: RangeEntry[];
  soldOutUntil?: string;
  /** Nothing of this pool is sold for now. */
  frozen?: boolean;
  /** Into how many ranges new stock is cut, so that many may draw at once. */
  lanes?: number;
  /** Pools only. */
  owner?: PoolOwner;
  whenEmpty?: WhenEmpty;
  /** The total pool only: there are others to look into. */
  hasPools?: boolean;
  /** Fewer than this left is told as low. */
  lowBelow?: number;
  level?: Level;
};

/** How much is left, in a word; `crossing` counts the changes of the word, and `told` those that were announced. */
export type Level = { is: "ok" | "low" | "sold_out"; crossing: number; told: number };
