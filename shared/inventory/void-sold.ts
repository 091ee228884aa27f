import { type Db, update } from "../aws/dynamo.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { type Reserved, type Ticket, ticketFor } from "./model.ts";
import { giveBackAll } from "./release-reserved.ts";
import { slotStates } from "./slots.ts";
import { STATE_NAMES, slotKey } from "./table.ts";

type Deps = Db<"inventory">;

/**
 * Voids a code that was sold to the order, and that somebody may have seen. It stays the order's, so that its life can be told, and is
 * never sold again. Nothing happens to a code that is not the order's.
 */
export async function voidSold(deps: Deps, ticket: Ticket, orderId: string): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: slotKey(ticket),
    UpdateExpression: "SET #state = :void",
    ConditionExpression: "#state = :sold AND orderId = :order",
    ExpressionAttributeNames: STATE_NAMES,
    ExpressionAttributeValues: { ":void": "void", ":sold": "sold", ":order": orderId },
  });
}

/** Writes at the same time. Each takes a few milliseconds. */
const VOIDS_AT_ONCE = 64;

/**
 * Takes codes of a run back from the order that they were sold to: void, if somebody may have seen them, otherwise into stock; `atMost` in
 * this call. True: none is left. Idempotent, safe to run concurrently, and safe to interrupt.
 */
export async function takeBack(
  deps: Deps,
  orderId: string,
  { slab, pool, first, quantity }: Reserved,
  isSeen: boolean,
  atMost: number,
): Promise<boolean> {
  const numbers: number[] = [];
  for await (const slot of slotStates(deps, slab, first, first + quantity)) {
    if (slot.state === "sold" && slot.orderId === orderId) numbers.push(slot.number);
    if (numbers.length > atMost) break;
  }
  const some = numbers.slice(0, atMost);
  if (isSeen) await inParallel(VOIDS_AT_ONCE, some, (number) => voidSold(deps, ticketFor(slab, number, pool), orderId));
  else await giveBackAll(deps, orderId, { slab, pool }, some);
  return numbers.length <= atMost;
}

/** Slots that are read at once, from the end of a run on. */
const SLOTS_PER_LOOK = 4_096;

/**
 * Cuts the last pieces off runs that were sold to an order: the ends of runs that hold so many of its codes. Pure reading. Holes count as
 * nothing.
 */
export async function endsOfRuns(
  deps: Deps,
  orderId: string,
  runs: readonly Reserved[],
  pieces: number,
): Promise<{ reserved: Reserved; pieces: number }[]> {
  const ends: { reserved: Reserved; pieces: number }[] = [];
  let missing = pieces;
  for (const run of runs.toReversed()) {
    if (missing === 0) break;
    const end = run.first + run.quantity;
    const found: number[] = [];
    for (let to = end; to > run.first && found.length < missing; to -= SLOTS_PER_LOOK) {
      const mine: number[] = [];
      for await (const slot of slotStates(deps, run.slab, Math.max(run.first, to - SLOTS_PER_LOOK), to))
        if (slot.state === "sold" && slot.orderId === orderId) mine.push(slot.number);
      found.unshift(...mine);
    }
    const taken = found.slice(-missing);
    // Of a run that leaves as a whole, the holes before its first code leave too.
    const first = found.length <= missing ? run.first : (taken[0] ?? run.first);
    missing -= taken.length;
    ends.push({ reserved: { ...run, first, quantity: end - first }, pieces: taken.length });
  }
  return ends;
}
