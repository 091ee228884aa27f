import { type Db, transact, type Writes } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { Fault } from "../kernel/fault.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type BookDeps, bookingWrites } from "../ledger/books.ts";
import { voidEntry } from "../ledger/supply-entries.ts";
import { type FingerprintDeps, fingerprinter, readFingerprints } from "./fingerprints.ts";
import { readSlot } from "./give-back.ts";
import { type Slot, type Ticket, WITHHELD } from "./model.ts";
import { isNobodys, STATE_NAMES, slotKey } from "./table.ts";

type Deps = Db<"inventory"> & FingerprintDeps;
/** What is void is an expense, so voiding also needs the books. */
type VoidDeps = BookDeps & Deps & { clock: Clock };

/** A code as its holder tells it. */
export type Spoken = { number?: string | undefined; secret: string };

/** What we know of a code, without the code itself. */
export type Whereabouts = Pick<Slot, "codeId" | "batchId" | "state" | "orderId" | "expiresAt"> & { ticket: Ticket };

/** Finds a code by its text, wherever it was moved since it came. */
export async function findCode(deps: Deps, productId: string, code: Spoken): Promise<Result<Whereabouts>> {
  const mac = (await fingerprinter(deps, productId))(code);
  const first = (await readFingerprints(deps, productId, [mac])).get(mac);
  if (first === undefined) return refuse("not_found", "This code never was in the product's stock.");
  let ticket = first;
  for (;;) {
    const slot = await readSlot(deps, ticket);
    if (slot === undefined) return refuse("not_found", "The code's import was undone.");
    if (slot.state !== "moved") {
      const { codeId, batchId, state, orderId, expiresAt } = slot;
      return ok({
        ticket,
        codeId,
        batchId,
        state,
        ...(orderId === undefined ? {} : { orderId }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      });
    }
    if (slot.movedTo === undefined)
      throw new Fault("code_missing", `${ticket} is a tombstone, and a code was to lie there`);
    ticket = slot.movedTo;
  }
}

/**
 * Voids one code for good, and books what it has cost us as an expense. A code of an order can't be voided: refund or replace the order.
 */
export async function voidCode(deps: VoidDeps, productId: string, code: Spoken): Promise<Result<Whereabouts>> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = await findCode(deps, productId, code);
    if (!found.ok || found.value.state === "void") return found;
    if (found.value.state !== "available" && found.value.orderId?.startsWith(WITHHELD) !== true)
      return refuse("code_taken", `The code is ${found.value.state} to ${found.value.orderId}.`);
    const change = {
      TableName: deps.tables.inventory,
      Key: slotKey(found.value.ticket),
      UpdateExpression: "SET #state = :void",
      ConditionExpression: isNobodys.condition,
      ExpressionAttributeNames: STATE_NAMES,
      ExpressionAttributeValues: { ...isNobodys.values, ":void": "void" },
    };
    const written = await transact(deps.db, [{ Update: change }, ...(await costWrites(deps, found.value))]);
    if (written.ok) return ok({ ...found.value, state: "void" });
  }
  return refuse("busy", "The code is being sold or moved; look again in a moment.");
}

/** Makes the writes that book the cost of a code that lies in stock. None: nobody has said what it cost, or it is void with its range. */
async function costWrites(deps: VoidDeps, { ticket, codeId }: Whereabouts): Promise<Writes> {
  const slot = await readSlot(deps, ticket);
  if (slot === undefined || slot.state === "moved" || slot.cost === undefined) return [];
  const times = { at: deps.clock().toISOString(), zone: deps.zone };
  return bookingWrites(deps, [voidEntry(codeId, slot.cost, times)]);
}

/** A try fails when the code is sold, which the next try sees, or moved. */
const TRIES = 5;
