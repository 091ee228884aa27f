import { batchGet } from "../aws/batch-get.ts";
import { type Db, update } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import type { AnySlot, Slot, SlotSeen, Ticket } from "./model.ts";
import { seenSlots, slots } from "./stored.ts";
import { isHoldable, isSellable, numberOf, STATE_NAMES, slotKey, slotPartitions } from "./table.ts";

type Deps = Db<"inventory">;

/**
 * Sells the slot under a ticket to the order. This is the second and last fence: it fails if the sweeper moved the code
 * away because the ticket was too old, if the code is void or has expired, or if there is none under this number.
 */
export async function sellSlot(deps: Deps, ticket: Ticket, orderId: string, now: Date): Promise<Slot | undefined> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: slotKey(ticket),
    UpdateExpression: "SET #state = :sold, orderId = :order, soldAt = if_not_exists(soldAt, :now)",
    ConditionExpression: isSellable.condition,
    ExpressionAttributeNames: STATE_NAMES,
    ExpressionAttributeValues: isSellable.values(orderId, now),
    ReturnValues: "ALL_NEW",
  });
  const slot = written.ok ? slots.read(written.item) : undefined;
  return slot?.state === "moved" ? undefined : slot;
}

/**
 * Holds the slot under a ticket for an unpaid order. False: its code is gone, or will have expired by then. One that the order has sold is
 * left as it is.
 */
export async function holdSlot(deps: Deps, ticket: Ticket, orderId: string, until: string): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: slotKey(ticket),
    UpdateExpression: "SET #state = :held, orderId = :order, #until = :until",
    ConditionExpression: isHoldable.condition,
    ExpressionAttributeNames: { ...STATE_NAMES, "#until": "until" },
    ExpressionAttributeValues: isHoldable.values(orderId, until),
  });
  return written.ok || (written.old?.["state"] === "sold" && written.old["orderId"] === orderId);
}

/** Reads the slots under these tickets, in their order; strongly, at most 100. */
export async function readSlots(deps: Deps, tickets: readonly Ticket[]): Promise<(AnySlot | undefined)[]> {
  const table = deps.tables.inventory;
  const found = await batchGet(deps.db, table, tickets.map(slotKey), true);
  const byKey = new Map(found.map((item) => [`${String(item["pk"])}/${String(item["sk"])}`, slots.read(item)]));
  return tickets.map((ticket) => {
    const key = slotKey(ticket);
    return byKey.get(`${key.pk}/${key.sk}`);
  });
}

/** A slot that was looked at, by its number in the slab. */
export type NumberedSlot = { number: number } & SlotSeen;

/** Partitions that are read ahead. Each is one call of a few milliseconds. */
const PARTITIONS_AHEAD = 8;

/** Reads each slot from `from` up to `to` that exists, in order; strongly, partition by partition. */
export async function* slotStates(deps: Deps, slab: string, from: number, to: number): AsyncGenerator<NumberedSlot> {
  const partitions = slotPartitions(slab, from, to);
  const asked: Promise<NumberedSlot[]>[] = [];
  for (let at = 0; at < partitions.length; at++) {
    for (const partition of partitions.slice(at + asked.length, at + PARTITIONS_AHEAD)) {
      const reading = readPartition(deps, partition);
      // Nobody hears of this failure if the reader stops early, or an earlier partition fails.
      reading.catch(() => undefined);
      asked.push(reading);
    }
    yield* (await asked.shift()) ?? [];
  }
}

type Partition = ReturnType<typeof slotPartitions>[number];

async function readPartition(deps: Deps, { pk, first, last }: Partition): Promise<NumberedSlot[]> {
  const found = await queryAll(deps.db, {
    TableName: deps.tables.inventory,
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
    ProjectionExpression: "sk, v, #state, codeId, orderId, soldAt, #until",
    ExpressionAttributeNames: { ...STATE_NAMES, "#until": "until" },
    ExpressionAttributeValues: { ":pk": pk, ":first": first, ":last": last },
    ConsistentRead: true,
  });
  return found.map((item) => ({ number: numberOf(String(item["sk"])), ...seenSlots.read({ pk, ...item }) }));
}
