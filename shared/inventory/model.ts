import { shortName } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";

/**
 * A run of slots of one slab, which share product, batch and expiry. `head` is the next number to sell: by moving the
 * head a buyer draws a *ticket*, a number that nobody else has. The *slot* under that number holds one encrypted code;
 * the sale is decided there.
 */
export type Range = {
  id: string;
  productId: string;
  batchId: string;
  slab: string;
  /** The pool that it belongs to. A transfer changes it in one write, whatever the range's size. */
  pool: PoolId;
  /** The first number of the run. */
  first: number;
  /** The sweeper has looked at everything below. */
  start: number;
  /** The next number to draw. */
  head: number;
  /** One past the last number on sale. */
  tail: number;
  /** tail − head: stored, because a condition can't subtract. */
  left: number;
  /** Returns ranges only: the number at which the next code will be put that is given back. */
  next?: number;
  /** RFC 3339, or NEVER. */
  expiresAt: string;
  state: RangeState;
  /** The large order that it was cut off for, and the order's epoch. */
  orderId?: string;
  epoch?: number;
  /**
   * Runs of large orders only: everything below `done` was sold to the order, except so many `holes`. `done` falls
   * again when codes go back.
   */
  done?: number;
  holes?: number;
  /** Returns ranges only: whether the directory names it. Nobody may draw from a range that nobody looks at. */
  listed?: boolean;
  /** What the sweeper saw lately, the oldest first. */
  notes?: readonly Note[];
  /** The restore that has looked through it last, and where the marks stood then. */
  restored?: { since: string; head: number; next?: number };
};

/** Where head and next stood at one time. */
export type Note = { head: number; next: number; at: string };

/**
 * A range's state. `open`: for sale · `frozen`: not for sale for now · `void`: never again; what lies from the head on
 * counts as void · `order`: cut off for one large order.
 */
export type RangeState = "open" | "frozen" | "void" | "order";

export type SlotState = "available" | "held" | "sold" | "moved" | "void";

/** The place of one code. */
export type Slot = {
  state: Exclude<SlotState, "moved">;
  codeId: string;
  productId: string;
  batchId: string;
  /** The sealed code. It is bound to code, product and batch, but not to the slot, because codes move. */
  sealed: Uint8Array;
  dataKey: Uint8Array;
  /** Its last four characters, if it is so long that these tell nothing. */
  hint?: string;
  /** RFC 3339, if it expires. The sale checks it, because a ticket may be old. */
  expiresAt?: string;
  /** By this, duplicates of the code are found. */
  fingerprint?: string;
  /** What the code has cost us. It goes with the code, wherever that goes. Absent: nobody has said. */
  cost?: Money;
  orderId?: string;
  /** Held slots: how long the order may hold it without paying, RFC 3339. */
  until?: string;
  soldAt?: string;
  /** The case by which it is known that it does not work. It stays sold to its order, and another one stands in its place there. */
  deadBy?: string;
};

/** What some codes have cost us together, in one currency: minor units, and of how many codes it is known. */
export type Cost = Money & { pieces: number };

/** Adds up what codes have cost us, by currency. Of codes whose cost is unknown it says nothing. */
export function costOf(codes: readonly { cost?: Money; pieces?: number }[]): Cost[] {
  const sums = new Map<string, Cost>();
  for (const { cost, pieces = 1 } of codes) {
    if (cost === undefined || pieces === 0) continue;
    const { currency } = cost;
    const before = sums.get(currency) ?? { amount: 0, pieces: 0 };
    sums.set(currency, { amount: before.amount + cost.amount * pieces, currency, pieces: before.pieces + pieces });
  }
  return [...sums.values()];
}

/**
 * A slot that no code can come to any more. `movedTo`: where its code went. A tombstone never had one; a restore marks
 * its own with `WITHHELD` in place of an order.
 */
export type MovedSlot = { state: "moved"; movedTo?: Ticket; orderId?: string };

export type AnySlot = Slot | MovedSlot;

/** What a look at a slot tells, without its code. */
export type SlotSeen = { state: SlotState } & Partial<Pick<Slot, "codeId" | "orderId" | "soldAt" | "until">>;

/** A run of codes of a large order, as the order names it: the range, and the numbers that are its own. */
export type Reserved = { range: string; from: string; slab: string; pool: PoolId; first: number; quantity: number };

/**
 * The order that a run was cut off for, with its epoch. An order that was refused and placed again may get the same
 * numbers under the same name; a helper that still works on the earlier epoch must not touch them.
 */
export type ReservedFor = { orderId: string; epoch: number };

/** A pool by a short name, because tickets carry it. The total pool has an empty name. */
export type PoolId = string;
export const TOTAL: PoolId = "";

/** Who may buy from a pool. A campaign is named by the orders that buy from it. */
export type PoolOwner = { kind: "channel" | "campaign"; subject: string };

export function poolIdOf(productId: string, { kind, subject }: PoolOwner): PoolId {
  return shortName("pool", productId, kind, subject);
}

/** What a buyer gets when the pool is empty: nothing, or codes of the total pool. */
export type WhenEmpty = "stop" | "borrow";

/** The right to try one slot: `slab:number`, with `@pool` behind it unless it came from the total pool. */
export type Ticket = string;

/**
 * Stands for an order in slots that are withheld after a restore, until a person decides. Behind it stands the order
 * that gave the code back, if there was one.
 */
export const WITHHELD = "restore";

export function ticketFor(slab: string, number: number, pool: PoolId = TOTAL): Ticket {
  return pool === TOTAL ? `${slab}:${number}` : `${slab}:${number}@${pool}`;
}

export function placeOf(ticket: Ticket): { slab: string; number: number; pool: PoolId } {
  const [slab = "", rest = ""] = ticket.split(":");
  const [number, pool = TOTAL] = rest.split("@");
  return { slab, number: Number(number), pool };
}

/**
 * Gives the id of a returns range. Slabs are named in hex, so the `r` is not part of a name. Returns of a returns range
 * go to the same one.
 */
export function returnsOf(slab: string, pool: PoolId): string {
  return `${slabOfOrigin(slab)}r${pool}`;
}

/** Gives the slab that an import filled, also from the name of its returns. Its first range has the same name. */
export function slabOfOrigin(slab: string): string {
  return slab.split("r")[0] ?? slab;
}

/**
 * Names a later range of a slab by its first number. If it takes all of a range that began there too, a count follows.
 */
export function rangeIdFor({ id, slab }: Pick<Range, "id" | "slab">, first: number): string {
  const name = `${slab}.${first}`;
  if (id !== name && !id.startsWith(`${name}.`)) return name;
  return `${name}.${Number(id.slice(name.length + 1)) + 1}`;
}

/** Tells whether a range holds codes that were given back, also if a transfer cut it off. */
export const isReturned = (id: string): boolean => id.includes("r");

/**
 * Sorts ranges for sale: first-expiring first; among equals, fresh stock before returns, which are few and mostly
 * empty.
 */
export function bySaleOrder(a: RangeEntry, b: RangeEntry): number {
  return a.expiresAt.localeCompare(b.expiresAt) || Number(isReturned(a.id)) - Number(isReturned(b.id));
}

/** A range as the directory lists it. */
export type RangeEntry = { id: string; expiresAt: string };

/**
 * The ranges of one pool of a product, in the order of sale. `soldOutUntil` saves late buyers in a flash sale the
 * search. The total pool's directory also says what counts for the whole product.
 */
export type Directory = {
  productId: string;
  pool: PoolId;
  version: number;
  ranges: RangeEntry[];
  soldOutUntil?: string;
  /** Nothing of this pool is sold for now. */
  frozen?: boolean;
  /** Into how many ranges new stock is cut, so that many buyers may draw at once. */
  lanes?: number;
  /** Pools only. */
  owner?: PoolOwner;
  whenEmpty?: WhenEmpty;
  /** Total pool only: the product has other pools. */
  hasPools?: boolean;
  /** Fewer codes than this are told as low. */
  lowBelow?: number;
  level?: Level;
};

/** How much is left, in a word. `crossing` counts the changes of the word, `told` those that were told. */
export type Level = { is: "ok" | "low" | "sold_out"; crossing: number; told: number };

/** An entry of the list of ranges. It never changes. */
export type ListedRange = { id: string; slab: string; batchId: string } & RangeEntry;

/** What an import has put into stock. */
export type Batch = {
  batchId: string;
  productId: string;
  imported: number;
  slabs: { slab: string; count: number }[];
  at: string;
  /** What each of its codes has cost us, and whom we owed that. */
  unitCost?: Money;
  supplierId?: string;
};

/** What a transfer has moved. */
export type Transferred = { quantity: number; ranges: number };

/**
 * What is stored under a fingerprint. For a code: its first slot, and what else was marked for it, so that undoing an
 * import can take all of it out. For a secret of codes with numbers: how many there are. Codes with different numbers
 * may share a secret; a code without a number may not have it.
 */
export type Mark = { ticket?: Ticket; codeId?: string; productId?: string; beside?: Beside; numbered?: number };
export type Beside = { twin?: string; shop?: string; shopTwin?: string };
