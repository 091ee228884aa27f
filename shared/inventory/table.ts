import type { Item, Key } from "../aws/dynamo.ts";
import { sha256 } from "../kernel/ids.ts";
import { type PoolId, placeOf, type Range, type ReservedFor, type Ticket, WITHHELD } from "./model.ts";
import { listedRanges, ranges, slots } from "./stored.ts";

// All keys and conditions of the inventory table, and the items that several files write. What items hold: stored.ts.

/** 64 slots to a partition key, so that a slab is never one hot partition. */
const SLOTS_PER_PARTITION = 64;

/** The partition of a product's stock, except slots and counters, which are too busy to share one. */
const stockOf = (productId: string): string => `stock#${productId}`;

export const DIRECTORIES = "directory#";
export const directoryKey = (productId: string, pool: PoolId): Key => ({
  pk: stockOf(productId),
  sk: `${DIRECTORIES}${pool}`,
});

/** The list of ranges: every range that ever was, so that every code is found. */
export const CATALOGUE = "range#";
export const catalogueKey = (productId: string, id: string): Key => ({
  pk: stockOf(productId),
  sk: `${CATALOGUE}${id}`,
});

export const BATCHES = "batch#";
export const batchKey = (productId: string, batchId: string): Key => ({
  pk: stockOf(productId),
  sk: `${BATCHES}${batchId}`,
});
export const rangeKey = (id: string): Key => ({ pk: `range#${id}`, sk: "range" });
/** The note of a transfer that was done. A repeat finds it and does nothing. */
export const transferKey = (productId: string, key: string): Key => ({
  pk: `transfer#${productId}#${sha256(key)}`,
  sk: "transfer",
});
export const fingerprintKey = (codeSpace: string, mac: string): Key => markKey(`fingerprint#${codeSpace}#${mac}`);
/** The whole key of a mark, by its first part, as markers keep it. */
export const markKey = (pk: string): Key => ({ pk, sk: "fingerprint" });

export const slotPartition = (slab: string, number: number): string =>
  `slab#${slab}#${Math.floor(number / SLOTS_PER_PARTITION)}`;
const slotSort = (number: number): string => `slot#${String(number).padStart(9, "0")}`;

export function slotKey(ticket: Ticket): Key {
  const { slab, number } = placeOf(ticket);
  return { pk: slotPartition(slab, number), sk: slotSort(number) };
}

/** Gives the partitions that hold slots `from` up to but not including `to`, each with its sort keys. */
export function slotPartitions(slab: string, from: number, to: number): { pk: string; first: string; last: string }[] {
  const partitions = [];
  for (let at = from; at < to; ) {
    const end = Math.min(to, (Math.floor(at / SLOTS_PER_PARTITION) + 1) * SLOTS_PER_PARTITION);
    partitions.push({ pk: slotPartition(slab, at), first: slotSort(at), last: slotSort(end - 1) });
    at = end;
  }
  return partitions;
}

export const numberOf = (sk: string): number => Number(sk.slice("slot#".length));

export const rangeItem = (range: Range): Item => ranges.write(rangeKey(range.id), range);

export const listedItem = ({ id, productId, slab, batchId, expiresAt }: Range): Item =>
  listedRanges.write(catalogueKey(productId, id), { id, slab, batchId, expiresAt });

/** A tombstone at the place of a ticket. `by`: who has put it there, if that matters. */
export const tombstone = (ticket: Ticket, by: { orderId?: string } = {}): Item =>
  slots.write(slotKey(ticket), { state: "moved", ...by });

/** The attribute name that the conditions use. */
export const STATE_NAMES = { "#state": "state" };

/** The slot is available, or already this order's. */
export const isAvailableOrMine = {
  condition: "(#state = :available OR (#state IN (:held, :sold) AND orderId = :order))",
  values: (orderId: string) => ({ ":available": "available", ":held": "held", ":sold": "sold", ":order": orderId }),
};

/** The slot is available: it may be moved although no order owns it. */
export const isAvailable = { condition: "#state = :available", values: { ":available": "available" } };

const isWithheld = "(#state = :held AND begins_with(orderId, :withheld))";

/** No order has the slot: it is available, or withheld because it may have been sold before a restore. */
export const isNobodys = {
  condition: `(#state = :available OR ${isWithheld})`,
  values: { ":available": "available", ":held": "held", ":withheld": WITHHELD },
};

/** A restore may give the slot to the order that had it: it is available, withheld, or that order's already. */
export const isRecoverable = {
  condition: `(${isAvailableOrMine.condition} OR ${isWithheld})`,
  values: (orderId: string) => ({ ...isAvailableOrMine.values(orderId), ":withheld": WITHHELD }),
};

/**
 * This order may hold the slot until `until`: it is available, or held for it, and the code is still good at the end.
 */
export const isHoldable = {
  condition:
    "(#state = :available OR (#state = :held AND orderId = :order)) AND (attribute_not_exists(expiresAt) OR expiresAt > :until)",
  values: (orderId: string, until: string) => ({
    ":available": "available",
    ":held": "held",
    ":order": orderId,
    ":until": until,
  }),
};

/**
 * This order may sell the slot: it has sold it already; or the slot is available or held for this order, and the code
 * has not expired.
 */
export const isSellable = {
  condition:
    "(#state = :sold AND orderId = :order) OR ((#state = :available OR (#state = :held AND orderId = :order)) AND (attribute_not_exists(expiresAt) OR expiresAt > :now))",
  values: (orderId: string, now: Date) => ({
    ...isAvailableOrMine.values(orderId),
    ":now": now.toISOString(),
  }),
};

/** Tells whether the range was cut off for this order and epoch, whatever has become of it since. */
export const wasReservedFor = (range: Range | undefined, { orderId, epoch }: ReservedFor): range is Range =>
  range?.orderId === orderId && range.epoch === epoch;

/** The range is still the run of this order. */
export const isReservedFor = {
  condition: "#state = :order AND orderId = :orderId AND epoch = :epoch",
  names: STATE_NAMES,
  values: ({ orderId, epoch }: ReservedFor) => ({ ":order": "order", ":orderId": orderId, ":epoch": epoch }),
};
