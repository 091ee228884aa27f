import type { Db } from "../aws/dynamo.ts";
import { transact, WRITES_PER_TRANSACTION, type Writes } from "../aws/dynamo.ts";
import { slabNameOf } from "../inventory/fill.ts";
import { unmarkWrites, WRITES_TO_UNMARK } from "../inventory/marks.ts";
import { type Ticket, ticketFor } from "../inventory/model.ts";
import { readSlots, slotStates } from "../inventory/slots.ts";
import { slotKey } from "../inventory/table.ts";
import type { Clock } from "../kernel/clock.ts";
import { Fault } from "../kernel/fault.ts";
import { LIMITS } from "../kernel/limits.ts";
import { deleteFile, type FileDeps } from "./files.ts";
import type { LargeImport } from "./model.ts";
import { allSegments, endSegments, moveImport } from "./table.ts";

export type UndoDeps = Db<"inventory" | "operations"> & FileDeps & { clock: Clock };

const CODES_PER_WRITE = WRITES_PER_TRANSACTION / WRITES_TO_UNMARK;

/**
 * Takes out all that an import has put in, none of which was ever on sale: codes and their fingerprints together, so
 * that the same codes can be imported again. It also looks for the segment that was begun last: its number and its
 * expiries, which name its slabs, were written before the first of its codes. A slab that was emptied before costs only
 * a look, so a worker without time leaves the rest to the next.
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
  const finishedAt = deps.clock().toISOString();
  await endSegments(deps, current.importId, finishedAt);
  const state = current.reason === undefined ? "cancelled" : "failed";
  await moveImport(deps, current.importId, ["cancelling"], { state, finishedAt });
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

/** A try fails when another worker undoes the same import; the next look finds less. */
const TRIES = 5;

async function removeCodes(deps: UndoDeps, productId: string, tickets: readonly Ticket[]): Promise<void> {
  const TableName = deps.tables.inventory;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const slots = await readSlots(deps, tickets);
    const codes = tickets.flatMap((ticket, index) => {
      const slot = slots[index];
      if (slot === undefined || slot.state === "moved" || slot.fingerprint === undefined) return [];
      return [{ ticket, fingerprint: slot.fingerprint }];
    });
    const deletes: Writes = codes.map(({ ticket }) => ({ Delete: { TableName, Key: slotKey(ticket) } }));
    const marks = await unmarkWrites(deps, productId, codes);
    if (deletes.length === 0 || (await transact(deps.db, [...deletes, ...marks])).ok) return;
  }
  throw new Fault("fingerprints_contended", "codes that are being undone have somebody else's fingerprints");
}
