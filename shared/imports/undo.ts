import type { Db } from "../aws/dynamo.ts";
import { transact } from "../aws/dynamo.ts";
import { slabNameOf } from "../inventory/fill.ts";
import { type Ticket, ticketFor } from "../inventory/model.ts";
import { readSlots, slotStates } from "../inventory/slots.ts";
import { fingerprintKey, slotKey } from "../inventory/table.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { deleteFile, type FileDeps } from "./files.ts";
import type { LargeImport } from "./model.ts";
import { allSegments, moveImport } from "./table.ts";

export type UndoDeps = Db<"inventory" | "platform"> & FileDeps & { clock: Clock };

/** A code is two items, its slot and its fingerprint. */
const CODES_PER_WRITE = 50;

/**
 * Takes out all that an import has put in, none of which was ever on sale: codes and their fingerprints together, so that the
 * same codes can be imported again. The segment that was in the making when it stopped is looked for too: its slabs are
 * named by its number and its expiries, which were noted before the first of its codes was written. A slab that was emptied
 * before takes no more than a look, so whoever has no time left for it leaves the rest to the next.
 */
export async function undoImport(
  deps: UndoDeps,
  current: LargeImport,
  hasTime: () => boolean,
): Promise<"over" | "more"> {
  for await (const { slab, count } of slabsOf(deps, current)) {
    if (!hasTime()) return "more";
    await emptySlab(deps, current.productId, slab, count);
  }
  await deleteFile(deps, current.importId);
  const state = current.reason === undefined ? "cancelled" : "failed";
  await moveImport(deps, current.importId, ["cancelling"], { state, finishedAt: deps.clock().toISOString() });
  return "over";
}

async function* slabsOf(
  deps: UndoDeps,
  { importId, batchId, begun }: LargeImport,
): AsyncGenerator<{ slab: string; count: number }> {
  for await (const { slabs } of allSegments(deps, importId)) yield* slabs;
  for (const expiresAt of begun?.expiries ?? [])
    yield { slab: slabNameOf(batchId, begun?.part ?? "", expiresAt), count: LIMITS.segmentLines };
}

async function emptySlab(deps: UndoDeps, productId: string, slab: string, count: number): Promise<void> {
  let tickets: Ticket[] = [];
  for await (const { number } of slotStates(deps, slab, 0, count)) {
    tickets.push(ticketFor(slab, number));
    if (tickets.length < CODES_PER_WRITE) continue;
    await removeCodes(deps, productId, tickets);
    tickets = [];
  }
  if (tickets.length > 0) await removeCodes(deps, productId, tickets);
}

/** Each loses to somebody else who undoes the same import: the next look finds less. */
const TRIES = 5;

/**
 * Fingerprints go only while they are those of these codes: where another worker has been faster, the same codes may have
 * come again by now, in another import.
 */
async function removeCodes(deps: UndoDeps, productId: string, tickets: readonly Ticket[]): Promise<void> {
  const TableName = deps.tables.inventory;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const slots = await readSlots(deps, tickets);
    const deletes = tickets.flatMap((ticket, index) => {
      const { fingerprint } = slots[index] ?? {};
      if (fingerprint === undefined) return [];
      const Key = fingerprintKey(productId, fingerprint);
      return [
        { Delete: { TableName, Key: slotKey(ticket) } },
        {
          Delete: {
            TableName,
            Key,
            ConditionExpression: "ticket = :ticket",
            ExpressionAttributeValues: { ":ticket": ticket },
          },
        },
      ];
    });
    if (deletes.length === 0 || (await transact(deps.db, deletes)).ok) return;
  }
  throw new Error("codes that are being undone have somebody else's fingerprints");
}
