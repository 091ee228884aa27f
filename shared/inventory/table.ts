import type { Item, Key } from "../aws/dynamo.ts";
import { type Directory, placeOf, type Range, type Slot, type Ticket } from "./model.ts";

// All keys, conditions and item shapes of the inventory table.

/** 64 slots to a partition key, so that a slab never becomes one hot partition. */
const SLOTS_PER_PARTITION = 64;

export const directoryKey = (productId: string): Key => ({ pk: `stock#${productId}`, sk: "directory" });
export const batchKey = (productId: string, batchId: string): Key => ({
  pk: `stock#${productId}`,
  sk: `batch#${batchId}`,
});
export const rangeKey = (id: string): Key => ({ pk: `range#${id}`, sk: "range" });
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
export const asDirectory = (item: Item | undefined): Directory =>
  item === undefined ? { version: 0, ranges: [] } : (item as unknown as Directory);

/** `#state`, and the values its conditions speak of. */
export const STATE_NAMES = { "#state": "state" };

/** May this order sell (or hold) the slot? It is free, or already this order's. */
export const isAvailableOrMine = {
  condition: "#state = :available OR (#state IN (:held, :sold) AND orderId = :order)",
  values: (orderId: string) => ({ ":available": "available", ":held": "held", ":sold": "sold", ":order": orderId }),
};

/** May a slot be moved away although no order owns it? Only while nobody took it. */
export const isAvailable = { condition: "#state = :available", values: { ":available": "available" } };
