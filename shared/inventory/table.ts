import type { Item, Key } from "../aws/dynamo.ts";
import { sha256 } from "../kernel/ids.ts";
import {
  type Directory,
  type PoolId,
  placeOf,
  type Range,
  type RangeEntry,
  type ReservedFor,
  type Slot,
  type Ticket,
  WITHHELD,
} from "./model.ts";

// All keys, conditions and item shapes of the inventory table.

/** 64 slots to a partition key, so that a slab never becomes one hot partition. */
const SLOTS_PER_PARTITION = 64;

/** All of a product's stock but the slots and the counters, which are too busy to share a partition. */
const stockOf = (productId: string): string => `stock#${productId}`;

export const DIRECTORIES = "directory#";
export const directoryKey = (productId: string, pool: PoolId): Key => ({
  pk: stockOf(productId),
  sk: `${DIRECTORIES}${pool}`,
});

/** Every range that ever was, so that whatever lies in a slab is found, whoever sells it. */
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
/** A transfer that was done, so that its repeat does nothing. */
export const transferKey = (productId: string, key: string): Key => ({
  pk: `transfer#${productId}#${sha256(key)}`,
  sk: "transfer",
});
export const fingerprintKey = (codeSpace: string, mac: string): Key => ({
  pk: `fingerprint#${codeSpace}#${mac}`,
  sk: "fingerprint",
});

export const slotPartition = (slab: string, number: number): string =>
  `slab#${slab}#${Math.floor(number / SLOTS_PER_PARTITION)}`;
const slotSort = (number: number): string => `slot#${String(number).padStart(9, "0")}`;

export function slotKey(ticket: Ticket): Key {
  const { slab, number } = placeOf(ticket);
  return { pk: slotPartition(slab, number), sk: slotSort(number) };
}

/** The partitions that hold slots `from` up to but not including `to`, each with the sort keys to ask for. */
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

export function rangeItem(range: Range): Item {
  return { ...rangeKey(range.id), ...range };
}

export const asRange = (item: Item): Range => item as unknown as Range;
export const asSlot = (item: Item): Slot => item as unknown as Slot;
export const asDirectory = (item: Item): Directory => {
  const { pk: _pk, sk: _sk, ...directory } = item;
  return directory as unknown as Directory;
};

/** What the catalogue says of a range never changes. */
export type CatalogueEntry = { id: string; slab: string; batchId: string } & RangeEntry;
export const catalogueItem = ({ id, productId, slab, batchId, expiresAt }: Range): Item => ({
  ...catalogueKey(productId, id),
  id,
  slab,
  batchId,
  expiresAt,
});

/** `#state`, and the values its conditions speak of. */
export const STATE_NAMES = { "#state": "state" };

/** Is the slot free, or already this order's? */
export const isAvailableOrMine = {
  condition: "(#state = :available OR (#state IN (:held, :sold) AND orderId = :order))",
  values: (orderId: string) => ({ ":available": "available", ":held": "held", ":sold": "sold", ":order": orderId }),
};

/** May a slot be moved away although no order owns it? Only while nobody took it. */
export const isAvailable = { condition: "#state = :available", values: { ":available": "available" } };

const isWithheld = "(#state = :held AND begins_with(orderId, :withheld))";

/** Has no order taken the slot? It is free, or withheld, for it may have been sold before a restore. */
export const isNobodys = {
  condition: `(#state = :available OR ${isWithheld})`,
  values: { ":available": "available", ":held": "held", ":withheld": WITHHELD },
};

/** May a restore give the slot to the order that had it? It is free, withheld, or that order's already. */
export const isRecoverable = {
  condition: `(${isAvailableOrMine.condition} OR ${isWithheld})`,
  values: (orderId: string) => ({ ...isAvailableOrMine.values(orderId), ":withheld": WITHHELD }),
};

/** May this order hold the slot until then? It is free, or held for it; and the code is still good at the end. */
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
 * May this order sell the slot? It has sold it already; or it is free or held for this order, and the code has not expired
 * while the ticket slept.
 */
export const isSellable = {
  condition:
    "(#state = :sold AND orderId = :order) OR ((#state = :available OR (#state = :held AND orderId = :order)) AND (attribute_not_exists(expiresAt) OR expiresAt > :now))",
  values: (orderId: string, now: Date) => ({
    ...isAvailableOrMine.values(orderId),
    ":now": now.toISOString(),
  }),
};

/** Was the range cut off for this order, whatever has become of it since? */
export const wasReservedFor = (range: Range | undefined, { orderId, epoch }: ReservedFor): range is Range =>
  range?.orderId === orderId && range.epoch === epoch;

/** Is the range still what was cut off for this order? */
export const isReservedFor = {
  condition: "#state = :order AND orderId = :orderId AND epoch = :epoch",
  names: STATE_NAMES,
  values: ({ orderId, epoch }: ReservedFor) => ({ ":order": "order", ":orderId": orderId, ":epoch": epoch }),
};
